package io.meshclient.istio;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The bounds, both included, of a number that is honoured beyond them too, with a warning. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Usual {
  long min();

  long max();

  /** What becomes of a number beyond them, for the warning. */
  String beyond();
}
