using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using MailSuite.Mta.Routing;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Delivery;

/// <summary>Looks at the certificate of one handshake, and remembers what was wrong with it whether or not that matters.</summary>
internal sealed class CertificateJudge(NextHost host, TrustedRoots roots)
{
    /// <summary>A clause; <see langword="null"/> when nothing was wrong.</summary>
    public string? Fault { get; private set; } = "there was none";

    /// <summary>Whether the handshake got as far as a certificate.</summary>
    public bool HasSeen { get; private set; }

    /// <summary>Any certificate is better than clear text, which is what refusing it would lead to, unless a good one is demanded (RFC 7435).</summary>
    public bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        HasSeen = true;
        Fault = FaultOf(certificate, chain, errors);
        return Fault is null || host.Tls != TlsPolicy.Verify;
    }

    private string? FaultOf(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 presented || chain is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
            return "there was none";
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return $"it is not for {host.CertificateName}";
        if (!errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) || roots.Accept(presented, chain))
            return null;

        var faults = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status);
        return faults.HasFlag(X509ChainStatusFlags.NotTimeValid) ? $"it is valid from {presented.NotBefore.ToUniversalTime():yyyy-MM-dd} to {presented.NotAfter.ToUniversalTime():yyyy-MM-dd} only"
            : faults.HasFlag(X509ChainStatusFlags.UntrustedRoot) || faults.HasFlag(X509ChainStatusFlags.PartialChain) ? "nobody whom we trust has signed it"
            : faults.ToString();
    }
}
