using System.Security.Cryptography.X509Certificates;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Delivery;

/// <summary>The authorities that the settings name beside those of the operating system (<see cref="RelayOptions.TrustedCertificates"/>).</summary>
internal sealed class TrustedRoots(RelayOptions options)
{
    private readonly Lazy<X509Certificate2Collection> _added = new(() => Load(options));

    /// <summary>Whether a chain that the system does not accept ends at one of them, and has no other fault.</summary>
    public bool Accept(X509Certificate2 certificate, X509Chain asReceived)
    {
        if (_added.Value.Count == 0)
            return false;

        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_added.Value);
        chain.ChainPolicy.ExtraStore.AddRange(asReceived.ChainPolicy.ExtraStore);
        return chain.Build(certificate);
    }

    private static X509Certificate2Collection Load(RelayOptions options)
    {
        var roots = new X509Certificate2Collection();
        if (options.TrustedCertificates is { } file)
            roots.ImportFromPemFile(file);
        return roots;
    }
}
