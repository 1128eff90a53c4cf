package io.meshclient.istio;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Fields of a record that exclude each other: the {@code oneof} of the API. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface AtMostOne {
  String[] value();
}
