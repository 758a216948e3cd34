package org.agentchat.ledger.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.undertow.util.StatusCodes;
import org.agentchat.schemas.json.Json;
import org.jspecify.annotations.Nullable;

/// Why a request is not answered as asked: `application/problem+json` (RFC 9457).
final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Body(
      String type, String title, int status, String detail, @Nullable String parameter) {}

  private final int status;
  private final @Nullable String parameter;

  private Problem(int status, @Nullable String parameter, String detail) {
    super(detail, null, false, false);
    this.status = status;
    this.parameter = parameter;
  }

  static Problem of(int status, String detail) {
    return new Problem(status, null, detail);
  }

  static Problem badParameter(String name, String wanted) {
    return new Problem(StatusCodes.BAD_REQUEST, name, name + ": " + wanted);
  }

  static Problem notFound(String detail) {
    return of(StatusCodes.NOT_FOUND, detail);
  }

  static Problem unavailable(String detail) {
    return of(StatusCodes.SERVICE_UNAVAILABLE, detail);
  }

  Answer answer() {
    Body body =
        new Body(
            "about:blank",
            StatusCodes.getReason(status),
            status,
            String.valueOf(getMessage()),
            parameter);
    return new Answer(status, "application/problem+json", Json.bytes(body), Answer.Cache.NEVER);
  }
}
