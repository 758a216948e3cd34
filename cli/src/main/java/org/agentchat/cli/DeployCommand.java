package org.agentchat.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.agentchat.akash.chain.Balances;
import org.agentchat.akash.chain.ChainClient;
import org.agentchat.akash.chain.DeploymentState;
import org.agentchat.akash.deployment.BidBoard;
import org.agentchat.akash.deployment.BidChoice;
import org.agentchat.akash.deployment.DeploymentRecord;
import org.agentchat.akash.deployment.DeploymentRunner;
import org.agentchat.akash.deployment.DeploymentStore;
import org.agentchat.akash.deployment.DryRun;
import org.agentchat.akash.deployment.Phase;
import org.agentchat.akash.deployment.Providers;
import org.agentchat.akash.docker.ComposeFile;
import org.agentchat.akash.docker.Dockerfile;
import org.agentchat.akash.docker.ServerSetup;
import org.agentchat.akash.docker.SystemdUnit;
import org.agentchat.akash.provider.LeaseStatus;
import org.agentchat.akash.provider.ProviderClient;
import org.agentchat.akash.sdl.DeployFile;
import org.agentchat.akash.tx.BidId;
import org.agentchat.akash.wallet.AccountKey;
import org.agentchat.akash.wallet.Address;
import org.agentchat.akash.wallet.WalletFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "deploy",
    description = {
      "Rent a machine on the Akash network with a wallet of your own.",
      "Every step is kept in the home folder; what was interrupted goes on with --resume."
    },
    mixinStandardHelpOptions = true)
final class DeployCommand implements Callable<Integer> {
  private static final String DEFAULT_CONFIG = "deploy.yaml";
  private static final int LOG_LINES = 100;

  /// Where deployments can go.
  enum Target {
    AKASH,
    DOCKER
  }

  /// Exactly one of these.
  static final class Action {
    @Option(names = "--generate-wallet", description = "Make a wallet and show its words, once.")
    private boolean generateWallet;

    @Option(
        names = "--import-wallet",
        description = "Make a wallet of words that are typed, or come by standard input.")
    private boolean importWallet;

    @Option(names = "--show-wallet", description = "Show the wallet's address.")
    private boolean showWallet;

    @Option(names = "--balance", description = "Show how much AKT and ACT the wallet has.")
    private boolean balance;

    @Option(names = "--generate-sdl", description = "Print the SDL that the configuration means.")
    private boolean generateSdl;

    @Option(names = "--create", description = "Deploy what the configuration says.")
    private boolean create;

    @Option(names = "--status", description = "Show all deployments, also those of other folders.")
    private boolean status;

    @Option(
        names = "--dseq-status",
        paramLabel = "<dseq>",
        description = "Ask the providers of a deployment how its services do.")
    private @Nullable Long dseqStatus;

    @Option(names = "--bids", paramLabel = "<dseq>", description = "Show the bids on a deployment.")
    private @Nullable Long bids;

    @Option(
        names = "--accept-bid",
        paramLabel = "<dseq>",
        description = "Accept the bid of --provider-address and go on.")
    private @Nullable Long acceptBid;

    @Option(
        names = "--logs",
        paramLabel = "<dseq>",
        description = "Print the services' last lines.")
    private @Nullable Long logs;

    @Option(names = "--resume", description = "Go on with everything that was interrupted.")
    private boolean resume;

    @Option(
        names = "--close",
        arity = "0..1",
        paramLabel = "<dseq>",
        fallbackValue = "0",
        description = "Close a deployment; without a number the only one that is open.")
    private @Nullable Long close;
  }

  private record BalanceShown(String address, long uakt, long uact, String network) {}

  private record SdlShown(String sdl) {}

  private record BidsShown(long dseq, List<List<String>> groups) {}

  private record All(List<DeployStatus> deployments, List<Long> strangers) {}

  private record ServicesShown(long dseq, List<LeaseStatus> leases) {}

  private record FilesShown(List<String> files) {}

  private record LogsShown(long dseq, String logs) {}

  @ArgGroup(multiplicity = "1")
  private Action action = new Action();

  @Option(
      names = "--provider",
      paramLabel = "<akash|docker>",
      description = {
        "Where to: akash (default), or docker: with --create, write a Dockerfile, a",
        "docker-compose.yml and a systemd unit into --out."
      })
  private Target target = Target.AKASH;

  @Option(
      names = "--config",
      paramLabel = "<file>",
      description = "A deploy.yaml, or an SDL (default: " + DEFAULT_CONFIG + ").")
  private Path config = Path.of(DEFAULT_CONFIG);

  @Option(
      names = {"-n", "--name"},
      paramLabel = "<name>",
      description = "What you call it (default: the configuration's name).")
  private @Nullable String name;

  @Option(
      names = "--provider-address",
      paramLabel = "<address>",
      description = "The only provider that may have it.")
  private @Nullable String providerAddress;

  @Option(
      names = "--choose",
      description = "With --create: stop when there are bids to choose from.")
  private boolean choose;

  @Option(names = "--dry-run", description = "With --create: show every transaction and its cost.")
  private boolean dryRun;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask before AKT is burned for ACT.")
  private boolean yes;

  @Option(
      names = "--out",
      paramLabel = "<dir>",
      description = "With --provider docker: where the files go (default: here).")
  private Path folder = Path.of("");

  @Option(
      names = "--image",
      paramLabel = "<name>",
      description = "With --provider docker: the image's name (default: ${DEFAULT-VALUE}).")
  private String image = ServerSetup.DEFAULT.image();

  @Option(
      names = "--port",
      paramLabel = "<port>",
      description = "With --provider docker: the relay's port (default: ${DEFAULT-VALUE}).")
  private int port = ServerSetup.DEFAULT.port();

  @Option(
      names = "--api-port",
      paramLabel = "<port>",
      description = "With --provider docker: the API's port (default: ${DEFAULT-VALUE}).")
  private int apiPort = ServerSetup.DEFAULT.apiPort();

  @Option(
      names = "--poll",
      hidden = true,
      description = "Milliseconds between two looks at the network.")
  private long pollMs = 3_000;

  @Mixin private DeployWallet wallet;
  @Mixin private DeployNetwork network;
  @Mixin private DeployTerms terms;
  @Mixin private HomeFolder home;
  @Mixin private Output output;

  @Override
  public Integer call() throws IOException {
    return switch (target) {
      case AKASH -> onAkash();
      case DOCKER -> onDocker();
    };
  }

  /// Files for a machine of one's own; nothing is started.
  private int onDocker() throws IOException {
    if (!action.create) {
      throw output.usage("--provider docker goes with --create");
    }
    ServerSetup setup;
    try {
      setup = new ServerSetup(image, port, apiPort);
    } catch (IllegalArgumentException e) {
      throw output.usage(String.valueOf(e.getMessage()));
    }
    Files.createDirectories(folder);
    List<String> written = new ArrayList<>();
    written.add(write("Dockerfile", Dockerfile.of(setup)));
    written.add(write("docker-compose.yml", ComposeFile.of(setup)));
    written.add(write("agentchat.service", SystemdUnit.of(setup)));
    output.print(
        new FilesShown(written), written.stream().map(file -> "Written: " + file).toList());
    return Exit.OK;
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private int onAkash() throws IOException {
    if (action.generateWallet) {
      wallet.generate(home.path(), output);
    } else if (action.importWallet) {
      wallet.importWords(home.path(), output);
    } else if (action.showWallet) {
      wallet.show(home.path(), output);
    } else if (action.balance) {
      balance();
    } else if (action.generateSdl) {
      DeployFile file = file();
      output.print(new SdlShown(file.sdlText()), file.sdlText().lines().toList());
    } else if (action.create) {
      return create();
    } else if (action.status) {
      status();
    } else if (action.bids != null) {
      bids(action.bids);
    } else {
      return withKey();
    }
    return Exit.OK;
  }

  /// What needs the wallet's key.
  private int withKey() {
    if (action.resume) {
      return resume();
    }
    if (action.close != null) {
      return close(action.close);
    }
    if (action.acceptBid != null) {
      return acceptBid(action.acceptBid);
    }
    if (action.dseqStatus != null) {
      services(action.dseqStatus);
    } else if (action.logs != null) {
      logs(action.logs);
    }
    return Exit.OK;
  }

  private DeployFile file() throws IOException {
    if (!Files.exists(config)) {
      throw new CommandFailure(
          "NO_CONFIG",
          Exit.FAILED,
          "There is no %s; --config names another file (provider, image, resources, wallet, duration)"
              .formatted(config));
    }
    return DeployFile.read(Files.readString(config));
  }

  private Address owner() {
    return new Address(wallet.file(home.path()).read().address());
  }

  private void balance() {
    Address owner = owner();
    Balances has = network.client().balances(owner);
    output.print(
        new BalanceShown(
            owner.text(), has.akt().amount(), has.act().amount(), network.network().chainId()),
        List.of(
            "Address: " + owner,
            "Network: " + network.network().chainId(),
            "AKT (fees, and to burn for ACT): " + has.akt(),
            "ACT (deployments): " + has.act()));
  }

  private <T> T running(AccountKey key, Function<DeploymentRunner, T> work) {
    ChainClient chain = network.client();
    Clock clock = Clock.systemUTC();
    try (Providers providers = new Providers(chain, key, clock, ProviderClient.PATIENCE)) {
      return work.apply(
          new DeploymentRunner(
              chain, key, providers, clock, Duration.ofMillis(pollMs), new DeployProgress(output)));
    }
  }

  private DeploymentStore changing() {
    return DeploymentStore.changing(home.path(), Clock.systemUTC());
  }

  private List<DeploymentRecord> records() {
    return DeploymentStore.reading(home.path(), Clock.systemUTC()).records();
  }

  private int create() throws IOException {
    DeployFile file = file();
    if (!file.provider().equals("akash")) {
      throw output.usage("%s: only 'provider: akash' is deployed".formatted(config));
    }
    AccountKey key = wallet.open(wallet.file(home.path(), file.wallet()));
    ChainClient chain = network.client();
    DeployPlan plan = plan(file, key, chain);
    if (dryRun) {
      List<DryRun.Cost> costs = DryRun.of(chain, key, plan.plan(), plan.mints());
      output.print(costs, plan.lines(costs));
      return Exit.OK;
    }
    plan.confirm(yes, output);
    try (DeploymentStore store = changing()) {
      DeploymentRecord record =
          running(
              key,
              runner ->
                  runner.begin(store, plan.plan(), now -> choose && now.phase() == Phase.BIDDING));
      return result(record, choose ? Phase.BIDDING : Phase.RUNNING);
    }
  }

  private DeployPlan plan(DeployFile file, AccountKey key, ChainClient chain) {
    try {
      return DeployPlan.of(
          file,
          Optional.ofNullable(name),
          key.address(),
          chain,
          terms,
          Optional.ofNullable(providerAddress).map(Address::new),
          Clock.systemUTC().instant());
    } catch (IllegalArgumentException e) {
      throw output.usage(String.valueOf(e.getMessage()));
    }
  }

  /// What became of it, and whether that is what was wanted.
  private int result(DeploymentRecord record, Phase wanted) {
    DeployStatus status = DeployStatus.of(record);
    output.print(status, status.lines());
    if (record.phase() == wanted) {
      return Exit.OK;
    }
    if (!record.phase().isOver()) {
      output.err().println("It is not finished; --resume goes on with it");
      output.err().flush();
    }
    return Exit.FAILED;
  }

  private void status() {
    List<DeployStatus> known = records().stream().map(DeployStatus::of).toList();
    List<Long> strangers = strangers();
    List<String> lines = new ArrayList<>();
    known.forEach(one -> lines.addAll(one.lines()));
    strangers.forEach(dseq ->
        lines.add(
            dseq
                + ": open on the chain, and not of this folder; --close %d closes it"
                    .formatted(dseq)));
    if (lines.isEmpty()) {
      lines.add("No deployments");
    }
    output.print(new All(known, strangers), lines);
  }

  /// Open deployments of the wallet that no journal here knows of.
  private List<Long> strangers() {
    if (!wallet.file(home.path()).exists()) {
      return List.of();
    }
    Set<Long> known = new HashSet<>();
    records().forEach(record -> record.id().ifPresent(id -> known.add(id.dseq())));
    return network.client().activeDeployments(owner()).stream()
        .map(DeploymentState::id)
        .map(id -> id.dseq())
        .filter(dseq -> !known.contains(dseq))
        .toList();
  }

  private DeploymentRecord record(long dseq) {
    return records().stream()
        .filter(record -> record.id().filter(id -> id.dseq() == dseq).isPresent())
        .reduce((_, later) -> later)
        .orElseThrow(() -> unknown(dseq));
  }

  private static CommandFailure unknown(long dseq) {
    return new CommandFailure(
        "UNKNOWN_DEPLOYMENT",
        Exit.FAILED,
        "This folder knows no deployment %d; --status lists all".formatted(dseq));
  }

  private void bids(long dseq) {
    List<BidChoice> choices = BidBoard.of(network.client(), record(dseq));
    List<String> lines = new ArrayList<>();
    for (int group = 1; group <= choices.size(); group++) {
      lines.add("Group %d:".formatted(group));
      List<String> bids = choices.get(group - 1).explanations();
      bids.forEach(bid -> lines.add("  " + Printable.of(bid)));
      if (bids.isEmpty()) {
        lines.add("  no bids so far");
      }
    }
    output.print(
        new BidsShown(dseq, choices.stream().map(BidChoice::explanations).toList()), lines);
  }

  private AccountKey key() {
    WalletFile file = wallet.file(home.path());
    return wallet.open(file);
  }

  private int acceptBid(long dseq) {
    if (providerAddress == null) {
      throw output.usage("--accept-bid needs --provider-address");
    }
    try (DeploymentStore store = changing()) {
      Address provider = new Address(providerAddress);
      DeploymentRecord record =
          running(key(), runner -> runner.accept(store, dseq, provider))
              .orElseThrow(() -> unknown(dseq));
      return result(record, Phase.RUNNING);
    } catch (IllegalArgumentException e) {
      throw output.usage(String.valueOf(e.getMessage()));
    }
  }

  private int resume() {
    try (DeploymentStore store = changing()) {
      running(
          key(),
          runner -> {
            runner.resume(store);
            return store;
          });
    }
    List<DeployStatus> all = records().stream().map(DeployStatus::of).toList();
    List<String> lines = new ArrayList<>();
    all.forEach(one -> lines.addAll(one.lines()));
    output.print(new All(all, strangers()), lines);
    boolean stuck =
        records().stream().anyMatch(one -> !one.phase().isOver() && one.phase() != Phase.RUNNING);
    return stuck ? Exit.FAILED : Exit.OK;
  }

  private int close(long given) {
    long dseq = given == 0 ? onlyOpen() : given;
    try (DeploymentStore store = changing()) {
      DeploymentRecord record =
          running(
                  key(),
                  runner -> runner.close(store, dseq).or(() -> runner.closeStranger(store, dseq)))
              .orElseThrow(() -> unknown(dseq));
      return result(record, Phase.CLOSED);
    }
  }

  private long onlyOpen() {
    List<Long> open =
        records().stream()
            .filter(record -> !record.phase().isOver())
            .flatMap(record -> record.id().stream())
            .map(id -> id.dseq())
            .toList();
    if (open.size() != 1) {
      throw output.usage(
          "--close needs a number: %d deployments are open %s".formatted(open.size(), open));
    }
    return open.getFirst();
  }

  private interface Asking<T> {
    T of(ProviderClient provider, BidId lease);
  }

  private <T> List<T> ask(long dseq, Asking<T> question) {
    DeploymentRecord record = record(dseq);
    AccountKey key = key();
    List<T> answers = new ArrayList<>();
    try (Providers providers =
        new Providers(network.client(), key, Clock.systemUTC(), ProviderClient.PATIENCE)) {
      for (BidId lease : record.leases()) {
        answers.add(question.of(providers.of(lease.provider()), lease));
      }
    }
    return answers;
  }

  private void services(long dseq) {
    List<LeaseStatus> leases =
        ask(dseq, ProviderClient::status).stream().flatMap(Optional::stream).toList();
    List<String> lines = new ArrayList<>();
    for (LeaseStatus lease : leases) {
      for (LeaseStatus.Service service : lease.services()) {
        lines.add(
            "%s: %d of %d run%s"
                .formatted(
                    Printable.of(service.name()),
                    service.available(),
                    service.total(),
                    service.uris().isEmpty()
                        ? ""
                        : ", at " + Printable.of(String.join(", ", service.uris()))));
      }
      lease.ports().forEach(port -> lines.add("  " + Printable.of(port)));
    }
    if (lines.isEmpty()) {
      lines.add("No provider knows anything of " + dseq);
    }
    output.print(new ServicesShown(dseq, leases), lines);
  }

  private void logs(long dseq) {
    String logs =
        String.join("\n", ask(dseq, (provider, lease) -> provider.logs(lease, LOG_LINES)));
    output.print(new LogsShown(dseq, logs), logs.lines().map(Printable::of).toList());
  }
}
