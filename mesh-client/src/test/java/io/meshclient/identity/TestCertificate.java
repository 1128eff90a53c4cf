package io.meshclient.identity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate as a test wants it, good or bad, with its key. */
record TestCertificate(X509Certificate certificate, KeyPair keys) {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  private static final AtomicLong SERIALS = new AtomicLong(1);

  /** One pair is enough where it does not matter; another is what a forger has. */
  static final KeyPair KEYS = newKeys();

  static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static Builder leaf(String... uris) {
    Builder builder = new Builder("CN=leaf");
    builder.extend(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.extend(
        Extension.extendedKeyUsage,
        false,
        new ExtendedKeyUsage(
            new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
    builder.extend(Extension.basicConstraints, true, new BasicConstraints(false));
    return uris.length == 0 ? builder : builder.names(false, uriNames(uris));
  }

  static Builder ca(String name) {
    Builder builder = new Builder("CN=" + name);
    builder.keys = newKeys();
    builder.extend(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    builder.extend(Extension.basicConstraints, true, new BasicConstraints(true));
    return builder;
  }

  static GeneralName[] uriNames(String... uris) {
    GeneralName[] names = new GeneralName[uris.length];
    for (int i = 0; i < uris.length; i++) {
      names[i] = new GeneralName(GeneralName.uniformResourceIdentifier, uris[i]);
    }
    return names;
  }

  static final class Builder {
    private record Ext(ASN1ObjectIdentifier oid, boolean critical, byte[] value) {}

    private final List<Ext> extensions = new ArrayList<>();
    private X500Name subject;
    private Instant from = NOW.minusSeconds(3600);
    private Instant to = NOW.plusSeconds(3600);
    private KeyPair keys = KEYS;

    private Builder(String subject) {
      this.subject = new X500Name(subject);
    }

    Builder subject(String name) {
      subject = new X500Name(name);
      return this;
    }

    Builder keys(KeyPair pair) {
      keys = pair;
      return this;
    }

    Builder valid(Instant from, Instant to) {
      this.from = from;
      this.to = to;
      return this;
    }

    Builder names(boolean critical, GeneralName... names) {
      return extend(Extension.subjectAlternativeName, critical, new GeneralNames(names));
    }

    Builder keyUsage(boolean critical, int bits) {
      return extend(Extension.keyUsage, critical, new KeyUsage(bits));
    }

    Builder extendedKeyUsage(KeyPurposeId... purposes) {
      return extend(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
    }

    Builder extend(ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value) {
      try {
        return extend(oid, critical, value.toASN1Primitive().getEncoded("DER"));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    /** The extension, with any bytes for a value, in place of one that was there. */
    Builder extend(ASN1ObjectIdentifier oid, boolean critical, byte[] value) {
      without(oid);
      extensions.add(new Ext(oid, critical, value));
      return this;
    }

    Builder without(ASN1ObjectIdentifier oid) {
      extensions.removeIf(e -> e.oid().equals(oid));
      return this;
    }

    TestCertificate selfSigned() {
      return signed(subject, keys);
    }

    TestCertificate signedBy(TestCertificate issuer) {
      return signed(nameOf(issuer), issuer.keys());
    }

    /** By someone with another key, who takes the issuer's name. */
    TestCertificate forged(TestCertificate issuer) {
      return signedBy(new TestCertificate(issuer.certificate(), newKeys()));
    }

    /** For what the platform does not read. */
    byte[] encodedBy(TestCertificate issuer) {
      return encoded(nameOf(issuer), issuer.keys());
    }

    private TestCertificate signed(X500Name issuer, KeyPair by) {
      try {
        return new TestCertificate(read(encoded(issuer, by)), keys);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    private byte[] encoded(X500Name issuer, KeyPair by) {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              BigInteger.valueOf(SERIALS.getAndIncrement()),
              Date.from(from),
              Date.from(to),
              subject,
              keys.getPublic());
      try {
        for (Ext e : extensions) {
          builder.addExtension(e.oid(), e.critical(), e.value());
        }
        return builder
            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(by.getPrivate()))
            .getEncoded();
      } catch (OperatorCreationException | IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static X500Name nameOf(TestCertificate issuer) {
    return X500Name.getInstance(issuer.certificate().getSubjectX500Principal().getEncoded());
  }

  static X509Certificate read(byte[] der) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }
}
