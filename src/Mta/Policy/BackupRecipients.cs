using MailSuite.Mta.Delivery;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Status;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mta.Policy;

/// <summary>The recipients at domains of others for which we are a second MX: those of a list, those of a file, or those that the primary has.</summary>
internal sealed partial class BackupRecipients(MtaOptions options, PrimaryCheck primary, TimeProvider clock, ILogger<BackupRecipients> logger)
{
    /// <summary>Octets of a file of recipients; about a million of them.</summary>
    internal const int MaxFileOctets = 32 * 1024 * 1024;

    /// <summary>How often at most a file is looked at.</summary>
    internal static readonly TimeSpan FileInterval = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<Domain, Listed> _listed = options.Relay.Routing.BackupDomains
        .Where(pair => pair.Value.Recipients is not null || pair.Value.RecipientsFile is not null)
        .ToDictionary(pair => pair.Key, pair => new Listed(pair.Value));

    public bool Has(Domain domain) => options.Relay.Routing.BackupDomains.ContainsKey(domain);

    /// <summary>Judges a recipient at one of the domains. What cannot be judged now is taken.</summary>
    public async ValueTask<RecipientRuling> JudgeAsync(EnvelopeAddress recipient, CancellationToken cancellationToken)
    {
        if (_listed.TryGetValue(recipient.Domain, out var listed))
            return IsListed(listed, recipient) ? new RecipientRuling.Relay(recipient) : new RecipientRuling.Refuse(recipient, StatusCodes.NoSuchMailbox, "No such mailbox at this domain");

        return await primary.AskAsync(recipient, cancellationToken) is { Refusal: { } status, Reason: var reason }
            ? new RecipientRuling.Refuse(recipient, status, reason)
            : new RecipientRuling.Relay(recipient);
    }

    private bool IsListed(Listed listed, EnvelopeAddress recipient)
    {
        // Postmaster is everywhere (RFC 5321 §4.5.1).
        var local = recipient.LocalPart.ToLowerInvariant();
        if (local == "postmaster" || listed.Named.Contains(local))
            return true;
        if (listed.File is not { } file)
            return false;

        lock (_lock)
        {
            var now = clock.GetUtcNow();
            if (now >= listed.LookAt)
            {
                listed.LookAt = now + FileInterval;
                Look(listed, file, recipient.Domain);
            }

            // Nobody is refused by a file that could never be read.
            return listed.OfFile?.Contains(local) ?? true;
        }
    }

    private void Look(Listed listed, string file, Domain domain)
    {
        try
        {
            var info = new FileInfo(file);
            var written = info.LastWriteTimeUtc;
            if (listed.OfFile is not null && written == listed.WrittenAt)
                return;
            if (info.Length > MaxFileOctets)
            {
                LogTooLarge(file, info.Length, MaxFileOctets);
                return;
            }

            (listed.OfFile, listed.WrittenAt) = (Read(file, domain), written);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnreadable(e, file);
        }
    }

    private static HashSet<string> Read(string file, Domain domain)
    {
        var recipients = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(file))
        {
            var text = line.AsSpan();
            var comment = text.IndexOf('#');
            text = (comment < 0 ? text : text[..comment]).Trim();
            if (EnvelopeAddress.TryParse(text, out var address))
                recipients.UnionWith(address.Domain.Equals(domain) ? [address.LocalPart.ToLowerInvariant()] : []);
            else if (EnvelopeAddress.TryParse($"{text}@{domain.Ascii}", out address))
                recipients.Add(address.LocalPart.ToLowerInvariant());
        }

        return recipients;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The recipients in {File} cannot be read; those that were read before count, and all while there were none")]
    private partial void LogUnreadable(Exception error, string file);

    [LoggerMessage(Level = LogLevel.Error, Message = "{File} has {Octets} octets, more than {Max}; its recipients are not read")]
    private partial void LogTooLarge(string file, long octets, long max);

    private sealed class Listed(BackupDomain domain)
    {
        public HashSet<string> Named { get; } = [.. (domain.Recipients ?? []).Select(recipient => recipient.LocalPart.ToLowerInvariant())];

        public string? File => domain.RecipientsFile;

        public HashSet<string>? OfFile { get; set; }

        public DateTime WrittenAt { get; set; }

        public DateTimeOffset LookAt { get; set; }
    }
}
