package org.agentchat.akash.sdl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.agentchat.akash.Vectors;
import org.agentchat.akash.messages.Endpoint;
import org.agentchat.akash.messages.GroupSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SdlReaderTest {
  private static final String WEB = Vectors.text("web.yaml");
  private static final String MULTI = Vectors.text("multi-persistent.yaml");
  private static final String GPU = Vectors.text("gpu.yaml");

  /// Each line is one change to the file of a vector, and what is said to it.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "version: \"2.0\"|version: \"2.1\"|line 2: version: version \"2.0\" wanted, found '2.1'",
        "image: registry|images: registry|line 5: services.agentchat.images: there is no such key",
        "port: 6667|port: 0|line 7: services.agentchat.expose[0].port: a whole number from 1 to"
            + " 65535 wanted, found '0'",
        "port: 6667|port: 6667.5|found '6667.5'",
        "port: 6667|port: [6667]|one value wanted, found a list",
        "global: true|global: maybe|true or false wanted, found 'maybe'",
        "- global: true|- global: false|'global: true' or a service wanted",
        "- global: true|- service: other|'agentchat' is open to the service 'other', which is not"
            + " there",
        "- global: true|- {global: true, ip: home}|there is no endpoint 'home'",
        "- chat.example.com|- -chat|a host name wanted, found '-chat'",
        "- PORT=6667|- =6667|a variable NAME=value wanted",
        "units: 0.5|units: 9m|a whole number of thousandths of a CPU from 10 to 384,000 wanted,"
            + " found '9m'",
        "units: 0.5|units: 0.0105|a whole number of thousandths",
        "units: 0.5|units: 385|found '385'",
        "units: 0.5|units: half|an amount of CPU such as 0.5 or 500m wanted, found 'half'",
        "size: 512Mi|size: 1023Ki|a whole number of bytes from 1,048,576",
        "size: 512Mi|size: 3Ti|found '3Ti'",
        "size: 512Mi|size: 512mb|a size such as 512Mi or 10Gi wanted, found '512mb'",
        "size: 1Gi|size: 1Mi|a whole number of bytes from 5,242,880",
        "denom: uact|denom: uakt|'uact', in which deployments are paid since 2026, wanted, found"
            + " 'uakt'",
        "amount: 1000|amount: 0|a price a block above 0 and up to 10000000 wanted, found '0'",
        "amount: 1000|amount: 10000001|found '10000001'",
        "amount: 1000|amount: -1|found '-1'",
        "amount: 1000|amount: 1e3|a number wanted, found '1e3'",
        "count: 1|count: 51|a whole number from 1 to 50 wanted, found '51'",
        "profile: agentchat|profile: other|there is no compute profile 'other'",
        "    dcloud:\\n"
            + "      profile|    elsewhere:\\n"
            + "      profile|there is no placement 'elsewhere'",
        "image: registry.example.com/agentchat/server:1.4.2|image:|the key 'image' is missing",
        "    count: 1|    count: 1\\n      count: 2|the same key a second time",
        "services:|services: {|no YAML",
        "  agentchat:\\n    image|  Agent_Chat:\\n    image|a name of small letters",
      })
  void everythingWrongIsNamedWithItsLine(String from, String to, String message) {
    refused(WEB, from, to, message);
  }

  private static void refused(String file, String from, String to, String message) {
    String before = lines(from);
    assertThat(file).contains(before);
    String changed = file.replace(before, lines(to));
    assertThatThrownBy(() -> SdlReader.read(changed))
        .isInstanceOf(SdlException.class)
        .hasMessageStartingWith("line ")
        .hasMessageContaining(message);
  }

  /// Text in which `\\n` stands for the end of a line.
  private static String lines(String text) {
    return text.replace("\\n", "\n");
  }

  @Test
  void volumesMustBeMountedAndThere() {
    refused(
        MULTI,
        "        data:\\n          mount",
        "        date:\\n          mount",
        "mounts the volume 'date'");
    refused(
        MULTI,
        "    params:\\n"
            + "      storage:\\n"
            + "        data:\\n"
            + "          mount: /var/lib/postgresql/data\\n"
            + "          readOnly: false\\n",
        "",
        "must mount the persistent volume 'data'");
    refused(MULTI, "class: beta3", "class: ram", "cannot be persistent");
    refused(MULTI, "              class: beta3\\n", "", "needs a class");
    refused(MULTI, "name: data", "name: default", "a second volume 'default'");
  }

  @Test
  void gpusNeedVendorAndKnownInterface() {
    refused(GPU, "interface: sxm", "interface: agp", "pcie or sxm wanted");
    refused(GPU, "units: 1\\n", "units: 25\\n", "from 0 to 24");
    refused(GPU, "units: 1\\n", "units: 0\\n", "attributes of no GPU");
    assertThat(
            Manifest.of(
                    SdlReader.read(
                        GPU.replace(
                            lines(
                                "                - model: a100\\n"
                                    + "                  ram: 80Gi\\n"
                                    + "                  interface: sxm\\n"
                                    + "                - model: h100\\n"),
                            "")))
                .json())
        .contains("vendor/nvidia/model/*");
  }

  @Test
  void auditorsAreAddresses() {
    refused(
        MULTI,
        "akash1365yvmc4s7awdyj3n2sav7xfx76adc6dnmlx63",
        "akash1365yvmc4s7awdyj3n2sav7xfx76adc6dnmlx64",
        "checksum");
  }

  /// A profile used twice adds counts and endpoints, and both services name its one resource.
  @Test
  void servicesOfOneProfileShareOneUnit() {
    String shared =
        MULTI
            .replace(lines("      profile: db\\n"), lines("      profile: web\\n"))
            .replace(lines("  db:\\n      resources"), lines("  dbx:\\n      resources"));
    String twoOfWeb =
        WEB.replace(
                lines("services:\\n"),
                lines(
                    "services:\\n"
                        + "  second:\\n"
                        + "    image: a\\n"
                        + "    expose:\\n"
                        + "      - {port: 9000, to: [{global: true}]}\\n"
                        + "      - {port: 80, to: [{service: agentchat}]}\\n"))
            .replace(
                lines("deployment:\\n"),
                lines("deployment:\\n  second:\\n    dcloud: {profile: agentchat, count: 3}\\n"));
    assertThat(shared).isNotEqualTo(MULTI);
    Manifest manifest = Manifest.of(SdlReader.read(twoOfWeb));
    GroupSpec group = manifest.groups().getFirst();
    assertThat(group.getResourcesList()).hasSize(1);
    assertThat(group.getResources(0).getCount()).isEqualTo(4);
    assertThat(
            group.getResources(0).getResource().getEndpointsList().stream().map(Endpoint::getKind))
        .containsExactly(Endpoint.Kind.SHARED_HTTP, Endpoint.Kind.RANDOM_PORT);
    assertThat(manifest.json().split("\"id\":1")).hasSize(3);
  }

  @Test
  void leasedAddressesAreNumberedByName() {
    String sdl =
        WEB.replace(
                lines("services:\\n"),
                lines("endpoints:\\n  b: {kind: ip}\\n  a: {kind: ip}\\nservices:\\n"))
            .replace(
                "- global: true",
                lines("- {global: true, ip: b}\\n          - {global: true, ip: a}"));
    List<Endpoint> endpoints =
        Manifest.of(SdlReader.read(sdl))
            .groups()
            .getFirst()
            .getResources(0)
            .getResource()
            .getEndpointsList();
    assertThat(endpoints.stream().map(e -> e.getKind() + " " + e.getSequenceNumber()))
        .containsExactly("SHARED_HTTP 0", "SHARED_HTTP 0", "LEASED_IP 1", "LEASED_IP 2");
    assertThatThrownBy(() -> SdlReader.read(sdl.replace(", ip: a", "")))
        .hasMessageContaining("no service uses the endpoint 'a'");
    assertThatThrownBy(
            () -> SdlReader.read(sdl.replace("global: true, ip: a", "service: agentchat, ip: a")))
        .hasMessageContaining("must be global");
  }

  @Test
  void placementsThatNothingUsesAreNotOrdered() {
    String sdl =
        WEB.replace(
            lines("  placement:\\n"),
            lines(
                "  placement:\\n"
                    + "    spare:\\n"
                    + "      pricing:\\n"
                    + "        agentchat: {denom: uact, amount: 5}\\n"));
    assertThat(Manifest.of(SdlReader.read(sdl)).groups()).hasSize(1);
  }

  @Test
  void hugeAndEmptyFilesAreRefused() {
    assertThatThrownBy(() -> SdlReader.read("")).isInstanceOf(SdlException.class);
    assertThatThrownBy(() -> SdlReader.read("# " + "x".repeat(YamlNode.MAX_CHARS) + "\n" + WEB))
        .isInstanceOf(SdlException.class);
    assertThatThrownBy(() -> SdlReader.read("- a"))
        .hasMessage("line 1: a mapping wanted, found a list");
  }

  @Test
  void credentialsReachTheManifestAndNoText() {
    Sdl sdl =
        SdlReader.read(
            WEB.replace(
                lines("    expose:\\n"),
                lines(
                    "    credentials: {host: r.example.com, username: u, password: geheim}\\n"
                        + "    expose:\\n")));
    Manifest manifest = Manifest.of(sdl);
    assertThat(manifest.json())
        .contains(
            "\"credentials\":{\"email\":\"\",\"host\":\"r.example.com\",\"password\":\"geheim\",\"username\":\"u\"}");
    assertThat(manifest.toString() + sdl).doesNotContain("geheim");
  }
}
