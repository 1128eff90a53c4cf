package io.meshclient.cli.identity;

import io.meshclient.identity.InvalidSpiffeIdException;
import io.meshclient.identity.SpiffeId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses the ID of a workload. */
final class SpiffeIdConverter implements ITypeConverter<SpiffeId> {

  SpiffeIdConverter() {}

  @Override
  public SpiffeId convert(String value) {
    try {
      SpiffeId id = SpiffeId.parse(value);
      if (id.namesWorkload()) {
        return id;
      }
    } catch (InvalidSpiffeIdException e) {
      throw new TypeConversionException(e.getMessage());
    }
    throw new TypeConversionException("\"" + value + "\" (expected: the ID of a workload)");
  }
}
