package org.agentchat.escrow.chain;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.random.RandomGenerator;

/// Ends the process, as far as the code under test can tell, before or after any call to the
/// outside.
final class Flaky {
  /// The process was killed. An error, so that nothing catches it.
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private final RandomGenerator random;
  private final double likelihood;
  private boolean calm;

  Flaky(RandomGenerator random, double likelihood) {
    this.random = random;
    this.likelihood = likelihood;
  }

  void calm() {
    calm = true;
  }

  void maybeDie() {
    if (!calm && random.nextDouble() < likelihood) {
      throw new Killed();
    }
  }

  /// The same thing, but each call may be the last one.
  <T> T around(Class<T> type, T inner) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              maybeDie();
              try {
                Object result = method.invoke(inner, arguments);
                maybeDie();
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
    return type.cast(proxy);
  }
}
