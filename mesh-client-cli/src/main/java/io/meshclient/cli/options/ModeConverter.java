package io.meshclient.cli.options;

import io.meshclient.mesh.MeshMode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Which mesh is around: what it does, the library leaves alone. */
public final class ModeConverter implements ITypeConverter<MeshMode> {
  @Override
  public MeshMode convert(String value) {
    try {
      return MeshMode.of(value);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
