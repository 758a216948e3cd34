// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

/// @title Escrow for work that was agreed by signed statements
/// @notice Holds the payment for one agreed deal until the payer releases it, a time-out passes or an arbiter decides.
/// The contract has no owner, no fee, no pause and no upgrade: what the terms say is all that can happen.
///
/// Whoever calls passes the full terms; the contract keeps only their state and one time under their hash (`id`). So
/// terms cannot change after `lock`, and nobody can take an id by locking something else first.
///
/// | State     | Ended by                              | From its time-out on, by anyone    |
/// |-----------|---------------------------------------|------------------------------------|
/// | Locked    | deliver, release, settle, dispute     | the deadline: refund               |
/// | Delivered | release, settle, dispute              | the end of the review: release     |
/// | Disputed  | resolve, release, settle              | the end of the dispute: resolveSilent |
///
/// Released, Refunded and Resolved are final. Payouts are credits that their owners take with `withdraw`. Each time-out
/// is a moment: who may act for itself only before it (deliver, dispute, resolve) and what anyone may do only from it on
/// never meet, so that nobody can race for it.
/// @dev For every token, balance of this contract = amounts of open escrows + credits (a balance may be larger: nobody
/// can keep others from giving). Tokens whose balances change by themselves break that for their own users: see
/// docs/escrow.md.
contract AgentEscrow is EIP712, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @notice What both sides agreed on. Its EIP-712 hash is the escrow's id.
    /// @param payer who pays, and gets back what the payee does not get
    /// @param payee who works and is paid
    /// @param operator who may report a delivery, freeze and release to the payee, and nothing else; zero for nobody
    /// @param arbiter who decides a dispute
    /// @param token an ERC-20 contract, or zero for the chain's own coin
    /// @param amount what is locked, in base units
    /// @param deadline when the payee must have delivered, in Unix seconds
    /// @param reviewPeriod how long the payer may object after a delivery, in seconds
    /// @param disputePeriod how long the arbiter may take, in seconds
    /// @param silentBps the payee's share when the arbiter stays silent, in 1/10,000
    /// @param proposal commits to the signed proposal and its signed acceptance
    struct Terms {
        address payer;
        address payee;
        address operator;
        address arbiter;
        address token;
        uint256 amount;
        uint64 deadline;
        uint32 reviewPeriod;
        uint32 disputePeriod;
        uint16 silentBps;
        bytes32 proposal;
    }

    /// @notice Where an escrow is in its life. The last three are final.
    enum State {
        None,
        Locked,
        Delivered,
        Disputed,
        Released,
        Refunded,
        Resolved
    }

    /// @notice The most that one escrow can hold, in base units; shares of it cannot overflow.
    uint256 public constant MAX_AMOUNT = type(uint128).max;

    /// @notice The longest that anything can take: until the deadline, the review, the dispute. In seconds.
    uint256 public constant MAX_WAIT = 366 days;

    /// @notice A whole in the unit of `silentBps`.
    uint256 public constant WHOLE_BPS = 10_000;

    /// @notice The EIP-712 type of `Terms`.
    bytes32 public constant TERMS_TYPEHASH = keccak256(
        "Terms(address payer,address payee,address operator,address arbiter,address token,uint256 amount,uint64 deadline,uint32 reviewPeriod,uint32 disputePeriod,uint16 silentBps,bytes32 proposal)"
    );

    /// @notice The EIP-712 type that both parties sign for `settleSigned`.
    bytes32 public constant SETTLEMENT_TYPEHASH =
        keccak256("Settlement(bytes32 escrow,uint256 toPayee,uint64 notAfter)");

    /// @dev The domain in which ids are made, that of the chain at deployment. If a chain splits, the branch with a new
    /// chain id keeps its open escrows under their ids, while a signature counts only for the chain that it names.
    bytes32 private immutable _home;

    /// @dev All that is stored of an escrow, in one word: its state in the lowest 8 bits, above them when its time-out
    /// comes, in Unix seconds; 0 there in a final state.
    mapping(bytes32 id => uint256) private _escrows;
    mapping(address token => mapping(address account => uint256)) private _credits;

    /// @notice Money is here and the work may begin.
    /// @param id the escrow
    /// @param payer whose money it is
    /// @param payee for whom it is meant
    /// @param terms everything that was agreed, for readers that know no more than this log
    event Locked(bytes32 indexed id, address indexed payer, address indexed payee, Terms terms);

    /// @notice The work is said to be done.
    /// @param id the escrow
    /// @param by the payee or the operator
    /// @param proofHash what they refer to
    /// @param until the end of the review: from then on anyone can release
    event Delivered(bytes32 indexed id, address indexed by, bytes32 proofHash, uint64 until);

    /// @notice The escrow is frozen for the arbiter.
    /// @param id the escrow
    /// @param by payer, payee or operator
    /// @param reasonHash what they refer to
    /// @param until the end of the arbiter's time: from then on the agreed share is due
    event Disputed(bytes32 indexed id, address indexed by, bytes32 reasonHash, uint64 until);

    /// @notice All of it is the payee's.
    /// @param id the escrow
    /// @param by who called: payer, operator, or anyone after the review
    /// @param toPayee the whole amount
    event Released(bytes32 indexed id, address indexed by, uint256 toPayee);

    /// @notice All of it is the payer's again.
    /// @param id the escrow
    /// @param by who called: anyone from the deadline on, or the payee, who gave it up
    /// @param toPayer the whole amount
    event Refunded(bytes32 indexed id, address indexed by, uint256 toPayer);

    /// @notice The parties agreed on a division.
    /// @param id the escrow
    /// @param by who handed in the signatures
    /// @param toPayee the payee's part
    /// @param toPayer the rest
    event Settled(bytes32 indexed id, address indexed by, uint256 toPayee, uint256 toPayer);

    /// @notice The arbiter decided.
    /// @param id the escrow
    /// @param by the arbiter
    /// @param toPayee the payee's part
    /// @param toPayer the rest
    /// @param verdictHash what the arbiter refers to
    event Resolved(bytes32 indexed id, address indexed by, uint256 toPayee, uint256 toPayer, bytes32 verdictHash);

    /// @notice The arbiter stayed silent, and the agreed share was applied.
    /// @param id the escrow
    /// @param by who called: anyone
    /// @param toPayee the payee's part, rounded down
    /// @param toPayer the rest
    event ResolvedSilently(bytes32 indexed id, address indexed by, uint256 toPayee, uint256 toPayer);

    /// @notice A credit left the contract.
    /// @param token what it was in; zero for the chain's own coin
    /// @param account whose credit it was
    /// @param to where it went
    /// @param amount all of the credit
    event Withdrawn(address indexed token, address indexed account, address indexed to, uint256 amount);

    /// @notice Payer, payee or arbiter is zero or this contract.
    error InvalidParty(address account);

    /// @notice One account in two roles that must not be one: payer and payee, arbiter and a party, operator and payee.
    error SameParty(address account);

    /// @notice The amount is zero or above `MAX_AMOUNT`.
    error InvalidAmount(uint256 amount);

    /// @notice The deadline is not in the future, or further than `MAX_WAIT`.
    error InvalidDeadline(uint64 deadline);

    /// @notice A period is zero or longer than `MAX_WAIT`.
    error InvalidPeriod(uint32 period);

    /// @notice The silent share is above a whole.
    error InvalidShare(uint16 silentBps);

    /// @notice The token has no code.
    error InvalidToken(address token);

    /// @notice The coin sent is not what the terms want (nothing, for a token).
    error WrongValue(uint256 sent, uint256 wanted);

    /// @notice The token moved another amount than agreed.
    error WrongTransfer(uint256 moved, uint256 wanted);

    /// @notice These terms were locked before. For whoever wanted to lock them that is success.
    error Exists(bytes32 id);

    /// @notice In this state that cannot be done. `None`: such terms were never locked here.
    error WrongState(bytes32 id, State state);

    /// @notice The caller has no such right.
    error NotAllowed(address caller);

    /// @notice Not yet: it becomes possible at this Unix second.
    error TooEarly(uint64 until);

    /// @notice No more: it was possible before this Unix second.
    error TooLate(uint64 until);

    /// @notice The payee's part is more than there is.
    error ShareTooLarge(uint256 toPayee, uint256 amount);

    /// @notice The signature is not this account's signature of this, here.
    error InvalidSignature(address signer);

    /// @notice The caller has no credit in this token.
    error NothingToWithdraw(address token, address account);

    /// @notice Zero and this contract cannot receive.
    error InvalidReceiver(address to);

    /// @dev Refuses to be called from inside `lock`, `lockFor`, `withdraw` or `withdrawTo`, which call tokens and
    /// receivers. Functions that call nobody need no more; the guard of the others costs twice as much.
    modifier whenIdle() {
        if (_reentrancyGuardEntered()) revert ReentrancyGuardReentrantCall();
        _;
    }

    /// @notice Makes a contract that belongs to nobody.
    constructor() EIP712("AgentEscrow", "1") {
        _home = _domainSeparatorV4();
    }

    /// @notice Locks the payment. Only the payer can, with exactly the amount as value, or with an allowance of it when
    /// the terms name a token.
    /// @param terms what was agreed
    /// @return escrow its id
    function lock(Terms calldata terms) external payable nonReentrant returns (bytes32 escrow) {
        if (msg.sender != terms.payer) revert NotAllowed(msg.sender);
        escrow = id(terms);
        _open(escrow, terms);
        if (terms.token == address(0)) {
            if (msg.value != terms.amount) revert WrongValue(msg.value, terms.amount);
        } else {
            if (msg.value != 0) revert WrongValue(msg.value, 0);
            _pull(terms);
        }
    }

    /// @notice Locks a payment in a token for a payer that signed the terms and allows this contract the amount. Anyone
    /// can, and pays the gas. Not for the chain's own coin, which only its owner can send.
    /// @param terms what was agreed
    /// @param payerSignature the payer's EIP-712 signature of them: 65 bytes, or what its ERC-1271 contract wants
    /// @return escrow its id
    function lockFor(Terms calldata terms, bytes calldata payerSignature)
        external
        nonReentrant
        returns (bytes32 escrow)
    {
        if (terms.token == address(0)) revert InvalidToken(address(0));
        bytes32 hashed = _hash(terms);
        escrow = _id(hashed);
        _open(escrow, terms);
        _requireSignature(terms.payer, _hashTypedDataV4(hashed), payerSignature);
        _pull(terms);
    }

    /// @notice Says that the work is done; the review begins. By the payee or the operator, before the deadline.
    /// @param terms what was agreed
    /// @param proofHash what the payer may look at
    function deliver(Terms calldata terms, bytes32 proofHash) external whenIdle {
        if (msg.sender != terms.payee && msg.sender != terms.operator) revert NotAllowed(msg.sender);
        bytes32 escrow = id(terms);
        (State state, uint64 until) = _read(escrow);
        if (state != State.Locked) revert WrongState(escrow, state);
        _requireBefore(until);
        until = _after(terms.reviewPeriod);
        _write(escrow, State.Delivered, until);
        emit Delivered(escrow, msg.sender, proofHash, until);
    }

    /// @notice Gives all to the payee: by the payer at any time, also during a dispute; by the operator until the
    /// deadline, or once delivered; by anyone when a review has ended without dispute.
    /// @param terms what was agreed
    function release(Terms calldata terms) external whenIdle {
        bytes32 escrow = id(terms);
        (State state, uint64 until) = _read(escrow);
        _requireOpen(escrow, state);
        if (msg.sender != terms.payer) _requireMayRelease(terms, escrow, state, until);
        _end(escrow, terms, State.Released, terms.amount);
        emit Released(escrow, msg.sender, terms.amount);
    }

    /// @dev The rules for whoever releases what is not its own.
    function _requireMayRelease(Terms calldata terms, bytes32 escrow, State state, uint64 until)
        private
        view
    {
        if (state == State.Disputed) revert WrongState(escrow, state);
        if (msg.sender == terms.operator) {
            if (state == State.Locked) _requireBefore(until);
        } else {
            if (state == State.Locked) revert NotAllowed(msg.sender);
            _requireReached(until);
        }
    }

    /// @notice Gives all to the other party, at any time: the payer to the payee, which is `release`, or the payee back
    /// to the payer, which cancels the deal. A party alone can give everything and take nothing; any other division
    /// needs both: `settleSigned`.
    /// @param terms what was agreed
    /// @param toPayee the whole amount, from the payer, or zero, from the payee
    function settle(Terms calldata terms, uint256 toPayee) external whenIdle {
        bytes32 escrow = id(terms);
        (State state,) = _read(escrow);
        _requireOpen(escrow, state);
        if (msg.sender == terms.payer && toPayee == terms.amount) {
            _end(escrow, terms, State.Released, toPayee);
            emit Released(escrow, msg.sender, toPayee);
        } else if (msg.sender == terms.payee && toPayee == 0) {
            _end(escrow, terms, State.Refunded, 0);
            emit Refunded(escrow, msg.sender, terms.amount);
        } else {
            revert NotAllowed(msg.sender);
        }
    }

    /// @notice Divides as both parties signed, at any time. Anyone can hand the signatures in.
    /// @param terms what was agreed
    /// @param toPayee the payee's part
    /// @param notAfter the last Unix second at which the signatures count
    /// @param payerSignature the payer's EIP-712 signature of `Settlement(id, toPayee, notAfter)`
    /// @param payeeSignature the payee's signature of the same
    function settleSigned(
        Terms calldata terms,
        uint256 toPayee,
        uint64 notAfter,
        bytes calldata payerSignature,
        bytes calldata payeeSignature
    ) external whenIdle {
        bytes32 escrow = id(terms);
        (State state,) = _read(escrow);
        _requireOpen(escrow, state);
        if (toPayee > terms.amount) revert ShareTooLarge(toPayee, terms.amount);
        if (block.timestamp > notAfter) revert TooLate(notAfter);
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(SETTLEMENT_TYPEHASH, escrow, toPayee, notAfter)));
        _requireSignature(terms.payer, digest, payerSignature);
        _requireSignature(terms.payee, digest, payeeSignature);
        _end(escrow, terms, State.Resolved, toPayee);
        emit Settled(escrow, msg.sender, toPayee, terms.amount - toPayee);
    }

    /// @notice Gives all back to the payer when nothing was delivered before the deadline. By anyone, from the deadline
    /// on.
    /// @param terms what was agreed
    function refund(Terms calldata terms) external whenIdle {
        bytes32 escrow = id(terms);
        (State state, uint64 until) = _read(escrow);
        if (state != State.Locked) revert WrongState(escrow, state);
        _requireReached(until);
        _end(escrow, terms, State.Refunded, 0);
        emit Refunded(escrow, msg.sender, terms.amount);
    }

    /// @notice Freezes the escrow for the arbiter. By payer, payee or operator, before the deadline or, once delivered,
    /// before the end of the review. An escrow can be disputed once.
    /// @param terms what was agreed
    /// @param reasonHash what the arbiter may look at
    function dispute(Terms calldata terms, bytes32 reasonHash) external whenIdle {
        if (msg.sender != terms.payer && msg.sender != terms.payee && msg.sender != terms.operator) {
            revert NotAllowed(msg.sender);
        }
        bytes32 escrow = id(terms);
        (State state, uint64 until) = _read(escrow);
        if (state != State.Locked && state != State.Delivered) revert WrongState(escrow, state);
        _requireBefore(until);
        until = _after(terms.disputePeriod);
        _write(escrow, State.Disputed, until);
        emit Disputed(escrow, msg.sender, reasonHash, until);
    }

    /// @notice Divides as the arbiter says. Only the arbiter, before the end of the dispute period.
    /// @param terms what was agreed
    /// @param toPayee the payee's part; the rest is the payer's
    /// @param verdictHash what the verdict is based on
    function resolve(Terms calldata terms, uint256 toPayee, bytes32 verdictHash) external whenIdle {
        if (msg.sender != terms.arbiter) revert NotAllowed(msg.sender);
        bytes32 escrow = id(terms);
        (State state, uint64 until) = _read(escrow);
        if (state != State.Disputed) revert WrongState(escrow, state);
        _requireBefore(until);
        if (toPayee > terms.amount) revert ShareTooLarge(toPayee, terms.amount);
        _end(escrow, terms, State.Resolved, toPayee);
        emit Resolved(escrow, msg.sender, toPayee, terms.amount - toPayee, verdictHash);
    }

    /// @notice Divides by the agreed `silentBps` when the arbiter's time is over. By anyone.
    /// @param terms what was agreed
    function resolveSilent(Terms calldata terms) external whenIdle {
        bytes32 escrow = id(terms);
        (State state, uint64 until) = _read(escrow);
        if (state != State.Disputed) revert WrongState(escrow, state);
        _requireReached(until);
        uint256 toPayee = terms.amount * terms.silentBps / WHOLE_BPS;
        _end(escrow, terms, State.Resolved, toPayee);
        emit ResolvedSilently(escrow, msg.sender, toPayee, terms.amount - toPayee);
    }

    /// @notice Takes all of the caller's credit in a token.
    /// @param token an ERC-20 contract, or zero for the chain's own coin
    /// @return amount what was sent to the caller
    function withdraw(address token) external nonReentrant returns (uint256 amount) {
        return _withdraw(token, msg.sender);
    }

    /// @notice Takes all of the caller's credit in a token to another account, for callers that cannot receive it.
    /// @param token an ERC-20 contract, or zero for the chain's own coin
    /// @param to who gets it
    /// @return amount what was sent
    function withdrawTo(address token, address to) external nonReentrant returns (uint256 amount) {
        if (to == address(0) || to == address(this)) revert InvalidReceiver(to);
        return _withdraw(token, to);
    }

    /// @notice The id of an escrow with these terms: their EIP-712 hash in the domain of this contract. They need not
    /// be locked, nor valid.
    /// @param terms what was agreed
    /// @return the id
    function id(Terms calldata terms) public view returns (bytes32) {
        return _id(_hash(terms));
    }

    /// @notice Where an escrow is.
    /// @param escrow its id
    /// @return state where it is in its life
    /// @return until when its time-out comes, in Unix seconds: the deadline, the end of the review or that of the
    /// dispute; 0 in a final state and for an id that was never locked
    function stateOf(bytes32 escrow) external view returns (State state, uint64 until) {
        return _read(escrow);
    }

    /// @notice What an account can withdraw.
    /// @param token an ERC-20 contract, or zero for the chain's own coin
    /// @param account whose credit
    /// @return base units
    function credit(address token, address account) external view returns (uint256) {
        return _credits[token][account];
    }

    /// @dev Checks the terms and enters them. The money must follow in the same call.
    function _open(bytes32 escrow, Terms calldata terms) private {
        if (_escrows[escrow] != 0) revert Exists(escrow);
        _requireValid(terms);
        _write(escrow, State.Locked, terms.deadline);
        emit Locked(escrow, terms.payer, terms.payee, terms);
    }

    /// @dev Refuses terms that could harm a party that reads them quickly, or that could never end.
    function _requireValid(Terms calldata terms) private view {
        _requireParty(terms.payer);
        _requireParty(terms.payee);
        _requireParty(terms.arbiter);
        if (terms.payee == terms.payer || terms.payee == terms.operator) revert SameParty(terms.payee);
        if (terms.arbiter == terms.payer || terms.arbiter == terms.payee) revert SameParty(terms.arbiter);
        if (terms.amount == 0 || terms.amount > MAX_AMOUNT) revert InvalidAmount(terms.amount);
        if (terms.deadline <= block.timestamp || terms.deadline > block.timestamp + MAX_WAIT) {
            revert InvalidDeadline(terms.deadline);
        }
        if (terms.reviewPeriod == 0 || terms.reviewPeriod > MAX_WAIT) revert InvalidPeriod(terms.reviewPeriod);
        if (terms.disputePeriod == 0 || terms.disputePeriod > MAX_WAIT) revert InvalidPeriod(terms.disputePeriod);
        if (terms.silentBps > WHOLE_BPS) revert InvalidShare(terms.silentBps);
    }

    function _requireParty(address account) private view {
        if (account == address(0) || account == address(this)) revert InvalidParty(account);
    }

    /// @dev Moves the agreed amount of tokens here, or fails. A token that takes a fee, or says that it moved what it
    /// did not, is found out here.
    function _pull(Terms calldata terms) private {
        IERC20 token = IERC20(terms.token);
        if (terms.token.code.length == 0) revert InvalidToken(terms.token);
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(terms.payer, address(this), terms.amount);
        _requireMoved(before, token.balanceOf(address(this)), terms.amount);
    }

    /// @dev Ends an escrow: the only place that makes credits.
    function _end(bytes32 escrow, Terms calldata terms, State state, uint256 toPayee) private {
        _write(escrow, state, 0);
        uint256 toPayer = terms.amount - toPayee;
        if (toPayee != 0) _credits[terms.token][terms.payee] += toPayee;
        if (toPayer != 0) _credits[terms.token][terms.payer] += toPayer;
    }

    /// @dev Sends the caller's credit: first nothing is left of it, then it moves. A token that takes more than that
    /// from this contract would take it from others, so it must not.
    function _withdraw(address token, address to) private returns (uint256 amount) {
        amount = _credits[token][msg.sender];
        if (amount == 0) revert NothingToWithdraw(token, msg.sender);
        _credits[token][msg.sender] = 0;
        emit Withdrawn(token, msg.sender, to, amount);
        if (token == address(0)) {
            Address.sendValue(payable(to), amount);
        } else {
            uint256 before = IERC20(token).balanceOf(address(this));
            IERC20(token).safeTransfer(to, amount);
            _requireMoved(IERC20(token).balanceOf(address(this)), before, amount);
        }
    }

    function _read(bytes32 escrow) private view returns (State state, uint64 until) {
        uint256 word = _escrows[escrow];
        return (State(uint8(word)), uint64(word >> 8));
    }

    function _write(bytes32 escrow, State state, uint64 until) private {
        _escrows[escrow] = uint256(until) << 8 | uint256(state);
    }

    function _requireMoved(uint256 smaller, uint256 larger, uint256 wanted) private pure {
        uint256 moved = larger < smaller ? 0 : larger - smaller;
        if (moved != wanted) revert WrongTransfer(moved, wanted);
    }

    function _requireOpen(bytes32 escrow, State state) private pure {
        if (state != State.Locked && state != State.Delivered && state != State.Disputed) {
            revert WrongState(escrow, state);
        }
    }

    function _requireBefore(uint64 until) private view {
        if (block.timestamp >= until) revert TooLate(until);
    }

    function _requireReached(uint64 until) private view {
        if (block.timestamp < until) revert TooEarly(until);
    }

    /// @dev Low `s` and 65 bytes only for accounts without code; ERC-1271 for contracts.
    function _requireSignature(address signer, bytes32 digest, bytes calldata signature) private view {
        if (!SignatureChecker.isValidSignatureNowCalldata(signer, digest, signature)) revert InvalidSignature(signer);
    }

    /// @dev At most the time now plus 2**32: far below 2**64.
    function _after(uint32 period) private view returns (uint64) {
        return uint64(block.timestamp + period);
    }

    function _id(bytes32 hashed) private view returns (bytes32) {
        return MessageHashUtils.toTypedDataHash(_home, hashed);
    }

    function _hash(Terms calldata terms) private pure returns (bytes32) {
        return keccak256(abi.encode(TERMS_TYPEHASH, terms));
    }
}
