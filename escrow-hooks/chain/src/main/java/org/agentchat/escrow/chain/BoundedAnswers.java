package org.agentchat.escrow.chain;

import java.io.IOException;
import java.io.InputStream;
import okhttp3.Interceptor;
import okhttp3.Response;
import okhttp3.ResponseBody;

/// Reads whole answers, but never more of one than a bound, and takes only the status 200.
final class BoundedAnswers implements Interceptor {
  /// A block with 10,000 transaction hashes is 0.7 MB, 10,000 logs are about 8 MB.
  static final int MAX_BYTES = 16 << 20;

  private static final int OK = 200;
  private static final int TIMEOUT = 408;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERRORS = 500;

  /// The answer is longer than the bound.
  static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLongException() {
      super("more than " + MAX_BYTES + " bytes");
    }
  }

  /// The status is another one.
  static final class StatusException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    StatusException(int status) {
      super("HTTP " + status);
      this.status = status;
    }

    int status() {
      return status;
    }

    /// Whether the same question may be answered later.
    boolean isTemporary() {
      return status == TIMEOUT || status == TOO_MANY_REQUESTS || status >= SERVER_ERRORS;
    }
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Response response = chain.proceed(chain.request());
    ResponseBody body = response.body();
    if (body == null) {
      throw new IOException("an answer without a body");
    }
    try (body;
        InputStream in = body.byteStream()) {
      if (response.code() != OK) {
        throw new StatusException(response.code());
      }
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new TooLongException();
      }
      return response.newBuilder().body(ResponseBody.create(bytes, body.contentType())).build();
    }
  }
}
