package org.agentchat.akash.sdl;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.HexFormat;
import java.util.List;
import org.agentchat.akash.Vectors;
import org.agentchat.akash.messages.GroupSpec;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What the ecosystem's own library makes of the same SDL files.
final class SdlVectorsTest {
  private static final HexFormat HEX = HexFormat.of();

  @Test
  void manifestHashAndGroupsAreTheSame() {
    List<JsonNode> vectors = Vectors.list(Vectors.json("sdl.json").path("vectors"));
    assertThat(vectors).hasSize(3);
    for (JsonNode vector : vectors) {
      Sdl sdl = SdlReader.read(Vectors.text(vector.path("yamlFile").stringValue()));
      Manifest manifest = Manifest.of(sdl);
      assertThat(manifest.json()).isEqualTo(vector.path("manifestSortedJson").stringValue());
      assertThat(HEX.formatHex(manifest.hash().toByteArray()))
          .isEqualTo(vector.path("manifestVersionHex").stringValue());
      assertThat(manifest.groups().stream().map(GroupSpec::toByteString).map(SdlVectorsTest::hex))
          .containsExactlyElementsOf(
              Vectors.list(vector.path("groupSpecsProtobufHex")).stream()
                  .map(JsonNode::stringValue)
                  .toList());
    }
  }

  private static String hex(ByteString bytes) {
    return HEX.formatHex(bytes.toByteArray());
  }
}
