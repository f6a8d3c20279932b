namespace MailSuite.Host.Tls;

/// <summary>Which certificate answers for which name (RFC 6066 §3, RFC 9525 §6.3). Never changed: a renewed certificate makes a new one.</summary>
internal sealed class CertificateChoice
{
    private const string AnyLabel = "*.";

    private readonly ServedCertificate _default;
    private readonly Dictionary<string, ServedCertificate> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ServedCertificate> _byParent = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="certificates">At least one. The first answers for no name and for unknown ones; of two for the same name the earlier does.</param>
    public CertificateChoice(IReadOnlyList<ServedCertificate> certificates)
    {
        _default = certificates[0];
        foreach (var certificate in certificates)
        {
            foreach (var name in certificate.DnsNames)
            {
                // A wildcard is a whole label and the first one; any other asterisk means nothing (RFC 9525 §6.3).
                if (!name.Contains('*', StringComparison.Ordinal))
                    _byName.TryAdd(name, certificate);
                else if (name.StartsWith(AnyLabel, StringComparison.Ordinal) && name.LastIndexOf('*') == 0)
                    _byParent.TryAdd(name[AnyLabel.Length..], certificate);
            }
        }
    }

    /// <param name="serverName">As the client sent it; empty for none.</param>
    public ServedCertificate For(string serverName)
    {
        var name = serverName.EndsWith('.') ? serverName[..^1] : serverName;
        if (name.Length == 0)
            return _default;
        if (_byName.TryGetValue(name, out var exact))
            return exact;

        // The asterisk stands for one label, no more and no less.
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && _byParent.TryGetValue(name[(dot + 1)..], out var wild) ? wild : _default;
    }
}
