using System;

namespace Signet.Seal {
  /// <summary>A time-stamp authority (RFC 3161). Nobody else may use it while it is changed.</summary>
  public sealed class Authority : NativeObject {
    /// <summary>With no other setting.</summary>
    /// <param name="context">Of the library.</param>
    /// <param name="url">Http or https, without user and password; or "csc:", the service behind the token of the key
    /// that seals, for Signet's tokens of a CSC service that gives time-stamps.</param>
    public Authority(Context context, string url) : base(Call.In(context, address => Native.AuthorityNew(address, url)), Native.AuthorityFree) {}

    /// <summary>What messages and results call it; else its URL without the query.</summary>
    /// <value>For people.</value>
    public string Name {
      set {
        Change(authority => Native.AuthoritySetName(authority, value));
      }
    }

    /// <summary>The policy that is asked for, and demanded of the answer (RFC 3161, 2.4.1).</summary>
    /// <value>Such as "1.3.6.1.4.1.32473.1".</value>
    public string Policy {
      set {
        Change(authority => Native.AuthoritySetPolicy(authority, value));
      }
    }

    /// <summary>Certificates to which the signer of the time-stamps must chain, read now. Without them, its chain is
    /// not looked at.</summary>
    /// <value>Of certificates in PEM.</value>
    public string CaFile {
      set {
        Change(authority => Native.AuthoritySetCaFile(authority, value));
      }
    }

    /// <summary>HTTP Basic (RFC 7617), over https only.</summary>
    /// <param name="user">Without a colon.</param>
    /// <param name="password">Is copied.</param>
    /// <returns>This authority.</returns>
    public Authority SetBasic(string user, char[] password) {
      Secrets.Use(password, bytes => Change(authority => Native.AuthoritySetBasic(authority, user, bytes)));
      return this;
    }

    /// <summary>A client certificate for https. The files are read at each connection.</summary>
    /// <param name="certificateFile">In PEM, with those above it.</param>
    /// <param name="keyFile">In PEM, unencrypted.</param>
    /// <returns>This authority.</returns>
    public Authority SetClientCertificate(string certificateFile, string keyFile) {
      Change(authority => Native.AuthoritySetClientCertificate(authority, certificateFile, keyFile));
      return this;
    }

    /// <summary>How an https server is recognised; without a file and pins, by the authorities that the system
    /// trusts.</summary>
    /// <value>Of certification authorities in PEM.</value>
    public string TlsCaFile {
      set {
        Change(authority => Native.AuthoritySetTlsCaFile(authority, value));
      }
    }

    /// <summary>A pin of the https server's key.</summary>
    /// <param name="pin">Such as "sha256//...=".</param>
    /// <returns>This authority.</returns>
    public Authority AddPin(string pin) {
      Change(authority => Native.AuthorityAddPin(authority, pin));
      return this;
    }

    /// <summary>For one time-stamp of this authority; else 10 seconds.</summary>
    /// <value>1 ms to 1 hour.</value>
    public TimeSpan Limit {
      set {
        Change(authority => Native.AuthoritySetLimit(authority, Values.Milliseconds(value)));
      }
    }

    /// <summary>How far the time of a time-stamp may lie from this machine's clock; else 300 seconds.</summary>
    /// <value>1 second to 1 day.</value>
    public TimeSpan LargestDistance {
      set {
        Change(authority => Native.AuthoritySetLargestDistance(authority, Values.Seconds(value)));
      }
    }
  }
}
