using System;

namespace Signet.Seal {
  /// <summary>A certificate in the chain of a signature or time-stamp. It can be read while the verification is
  /// open.</summary>
  public sealed class ChainCertificate {
    private readonly Verification owner;
    private readonly IntPtr address;

    internal ChainCertificate(Verification owner, IntPtr address) {
      this.owner = owner;
      this.address = address;
    }

    /// <summary>The subject, as in RFC 2253.</summary>
    public string Subject => owner.Read(open => Native.CertificateSubject(address));

    /// <summary>The issuer, as in RFC 2253.</summary>
    public string Issuer => owner.Read(open => Native.CertificateIssuer(address));

    /// <summary>The serial number; hexadecimal.</summary>
    public string Serial => owner.Read(open => Native.CertificateSerial(address));

    /// <summary>The beginning of its validity; null where that is not known.</summary>
    public DateTimeOffset? NotBefore => owner.Read(open => Values.Second(Native.CertificateNotBefore(address)));

    /// <summary>The end of its validity; null where that is not known.</summary>
    public DateTimeOffset? NotAfter => owner.Read(open => Values.Second(Native.CertificateNotAfter(address)));

    /// <summary>The certificate in DER.</summary>
    public byte[] Der => owner.Read(open => Native.CertificateDer(address));

    /// <summary>What the revocation data that decided says of it.</summary>
    public Revocation Revocation => owner.Read(open => (Revocation)Native.CertificateRevocation(address));

    /// <summary>"CRL", "OCSP", or empty.</summary>
    public string RevocationSource => owner.Read(open => Native.CertificateRevocationSource(address));

    /// <summary>When that data was issued; null where that is not known.</summary>
    public DateTimeOffset? RevocationThisUpdate => owner.Read(open => Values.Second(Native.CertificateRevocationThisUpdate(address)));

    /// <summary>When newer data was to be issued; null where that is not known.</summary>
    public DateTimeOffset? RevocationNextUpdate => owner.Read(open => Values.Second(Native.CertificateRevocationNextUpdate(address)));

    /// <summary>When it was revoked; null where that is not known.</summary>
    public DateTimeOffset? RevokedAt => owner.Read(open => Values.Second(Native.CertificateRevokedAt(address)));

    /// <summary>Why nothing was asked; empty where it was.</summary>
    /// <param name="language">Of the text.</param>
    /// <returns>The text.</returns>
    public string RevocationReason(Language language) => owner.Read(open => Native.CertificateRevocationReason(address, (int)language));
  }
}
