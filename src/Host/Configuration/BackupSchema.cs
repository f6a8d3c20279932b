using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Host.Configuration;

/// <summary>The <c>Relay:BackupDomains</c> setting: domain of somebody else → whose mail is taken for it.</summary>
internal static class BackupSchema
{
    private const string Key = "Relay:BackupDomains";
    private const int MaxDomains = 1_000;
    private const int MaxRecipients = 10_000;

    public static IReadOnlyDictionary<Domain, BackupDomain> Read(SettingsReader reader, IReadOnlyList<Domain> ours, IReadOnlyDictionary<Domain, TurnDomain> turned)
    {
        var domains = new Dictionary<Domain, BackupDomain>();
        foreach (var section in reader.Sections(Key, MaxDomains))
        {
            var backup = ReadDomain(reader, section);
            if (!Domain.TryParse(section.AsSpan(Key.Length + 1), out var domain) || domain.IsAddressLiteral)
            {
                reader.Mistake(section, "This must be a domain name.", "Write for example \"friend.example\": {}.");
                continue;
            }

            if (ours.Contains(domain))
                reader.Mistake(section, "The mailboxes of this domain are here.", "Take it out here, or out of Domains.");
            if (backup.Recipients?.FirstOrDefault(recipient => !recipient.Domain.Equals(domain)) is { } foreign)
                reader.Mistake($"{section}:Recipients", $"{foreign} is not at {domain}.", "Name addresses of the domain itself.");
            if (backup.Recipients is null && backup.RecipientsFile is null && turned.TryGetValue(domain, out var turn) && !turn.TryMx)
                reader.Mistake(section, "Its host comes for its mail (Mta:TurnDomains) and cannot be asked.", "Give Recipients or RecipientsFile, or leave it to TurnDomains alone.");
            if (!domains.TryAdd(domain, backup))
                reader.Mistake(section, "The domain stands twice in different spellings.", "Remove one of the two.");
        }

        return domains;
    }

    private static BackupDomain ReadDomain(SettingsReader reader, string section)
    {
        var (listKey, fileKey) = ($"{section}:Recipients", $"{section}:RecipientsFile");
        var backup = new BackupDomain
        {
            Recipients = reader.Has(listKey) ? reader.List<EnvelopeAddress>(listKey, [], EnvelopeAddress.TryParse, "a mail address", "ann@friend.example", MaxRecipients) : null,
            RecipientsFile = reader.Text<string>(fileKey, null, SettingsSchema.TryPath, "a file with a mail address in each line", "/etc/mailsuite/friend.recipients"),
        };
        if (backup.Recipients is [])
            reader.Mistake(listKey, "Nobody would get mail.", "Name recipients, or leave it out to have the primary asked.");
        if (backup.RecipientsFile is { } file && !File.Exists(file))
            reader.Mistake(fileKey, "There is no such file.", "Correct the path, or make the file.");
        return backup;
    }
}
