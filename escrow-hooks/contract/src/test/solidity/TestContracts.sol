// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

// What the escrow may meet. Not for use anywhere else.

/// @notice Runs one call that a test has armed, and remembers how it went.
abstract contract Armed {
    address private _target;
    bytes private _data;

    uint256 public calls;
    uint256 public successes;

    function arm(address target, bytes calldata data) external {
        _target = target;
        _data = data;
    }

    function _strike() internal {
        if (_target == address(0)) return;
        ++calls;
        (bool success,) = _target.call(_data);
        if (success) ++successes;
    }
}

/// @notice A token as it should be. Anyone can make more of it.
contract TestToken is ERC20("Test token", "TEST") {
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function decimals() public pure override returns (uint8) {
        return 6;
    }
}

/// @notice Takes 1 % of what is moved.
contract FeeToken is ERC20("Fee token", "FEE") {
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function _update(address from, address to, uint256 amount) internal override {
        uint256 fee = from == address(0) || to == address(0) ? 0 : amount / 100;
        super._update(from, to, amount - fee);
        if (fee != 0) super._update(from, address(this), fee);
    }
}

/// @notice Takes an extra 1 % from whoever sends, once it is told to.
contract GreedyToken is ERC20("Greedy token", "GREED") {
    bool public greedy;

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function become(bool greedy_) external {
        greedy = greedy_;
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (greedy && from != address(0)) super._update(from, address(this), amount / 100);
    }
}

/// @notice Works, but answers nothing, as some well-known tokens do.
contract SilentToken {
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function approve(address spender, uint256 amount) external {
        allowance[msg.sender][spender] = amount;
    }

    function transfer(address to, uint256 amount) external {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
    }

    function transferFrom(address from, address to, uint256 amount) external {
        allowance[from][msg.sender] -= amount;
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }
}

/// @notice A token that behaves as it is told to.
contract MoodyToken is ERC20("Moody token", "MOOD") {
    enum Mood {
        Honest,
        // Says that it moved, and did not.
        Lying,
        // Says that it did not move, and did not.
        Refusing,
        // Fails with words of its own.
        Failing,
        // Says that it moved, and moved more.
        Generous
    }

    error Blocked(address account);

    Mood public mood;

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function become(Mood mood_) external {
        mood = mood_;
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        return _move(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        return _move(from, to, amount);
    }

    function _move(address from, address to, uint256 amount) private returns (bool) {
        if (mood == Mood.Lying) return true;
        if (mood == Mood.Refusing) return false;
        if (mood == Mood.Failing) revert Blocked(from);
        if (mood == Mood.Generous) _mint(to, 1);
        _transfer(from, to, amount);
        return true;
    }
}

/// @notice Calls back in the middle of every transfer, as an ERC-777 does.
contract HookToken is ERC20("Hook token", "HOOK"), Armed {
    function mint(address to, uint256 amount) external {
        super._update(address(0), to, amount);
    }

    function _update(address from, address to, uint256 amount) internal override {
        _strike();
        super._update(from, to, amount);
        _strike();
    }
}

/// @notice An account with code: it calls what its owner wants, signs by ERC-1271 what its owner signed by hand, and
/// receives coin, or not, or with a call of its own.
contract TestWallet is Armed {
    address private immutable _owner;

    bool public refusing;
    bool public signing = true;

    error No();

    constructor() {
        _owner = msg.sender;
    }

    function refuse(bool refusing_) external {
        refusing = refusing_;
    }

    function sign(bool signing_) external {
        signing = signing_;
    }

    function execute(address target, uint256 value, bytes calldata data) external payable returns (bytes memory) {
        require(msg.sender == _owner);
        (bool success, bytes memory answer) = target.call{value: value}(data);
        if (!success) {
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
        }
        return answer;
    }

    /// @dev Its signature is the hash itself and then its owner's address, 52 bytes: it shows that any form is passed on.
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        bool valid = signing && keccak256(signature) == keccak256(abi.encodePacked(hash, _owner));
        return valid ? this.isValidSignature.selector : bytes4(0xffffffff);
    }

    receive() external payable {
        if (refusing) revert No();
        _strike();
    }
}

interface IAgentEscrow {
    function stateOf(bytes32 escrow) external view returns (uint8 state, uint64 until);
    function credit(address token, address account) external view returns (uint256);
}

interface IBalances {
    function balanceOf(address account) external view returns (uint256);
}

/// @notice Reads much at once.
contract Probe {
    /// @return seen for each token (zero for coin): the escrow's balance, then balance and credit of each account; then
    /// state and time of each id
    function look(IAgentEscrow escrow, address[] calldata tokens, address[] calldata accounts, bytes32[] calldata ids)
        external
        view
        returns (uint256[] memory seen)
    {
        seen = new uint256[](tokens.length * (1 + 2 * accounts.length) + 2 * ids.length);
        uint256 next;
        for (uint256 t = 0; t < tokens.length; ++t) {
            seen[next++] = _balance(tokens[t], address(escrow));
            for (uint256 a = 0; a < accounts.length; ++a) {
                seen[next++] = _balance(tokens[t], accounts[a]);
                seen[next++] = escrow.credit(tokens[t], accounts[a]);
            }
        }
        for (uint256 i = 0; i < ids.length; ++i) {
            (seen[next++], seen[next++]) = escrow.stateOf(ids[i]);
        }
    }

    function _balance(address token, address account) private view returns (uint256) {
        return token == address(0) ? account.balance : IBalances(token).balanceOf(account);
    }
}
