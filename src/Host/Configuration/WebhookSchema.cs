using System.Diagnostics.CodeAnalysis;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Host.Configuration;

/// <summary>The <c>Webhooks</c> settings: name → who is told what becomes of mail in the queue.</summary>
internal static class WebhookSchema
{
    private const string Key = "Webhooks";
    private const string SecretPrefix = "whsec_";
    private const string SecretRule = "It must be whsec_ and then 24 to 64 random octets in base64 (Standard Webhooks).";
    private const string SecretRemedy = "Make one with: echo whsec_$(openssl rand -base64 32)";
    private const int MaxTargets = 50;
    private const int MaxNameCharacters = 32;

    public static IReadOnlyList<WebhookTarget> Read(SettingsReader reader, Profile profile)
    {
        var targets = new List<WebhookTarget>();
        foreach (var section in reader.Sections(Key, MaxTargets))
        {
            var name = section[(Key.Length + 1)..];
            if (name.Length > MaxNameCharacters || !name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.'))
                reader.Mistake(section, $"A webhook's name has 1 to {MaxNameCharacters} letters, digits, hyphens, underscores or dots.", "Write for example \"billing\".");
            if (ReadTarget(reader, section, name, profile) is { } target)
                targets.Add(target);
        }

        return targets;
    }

    private static WebhookTarget? ReadTarget(SettingsReader reader, string section, string name, Profile profile)
    {
        var url = ReadUrl(reader, $"{section}:Url", profile);
        var secret = ReadSecret(reader, section);
        var d = new WebhookTarget { Name = name, Url = url ?? new Uri("https://localhost"), Secret = secret };
        var target = new WebhookTarget
        {
            Name = name,
            Url = d.Url,
            Secret = secret,
            Events = ReadEvents(reader, $"{section}:Events", d.Events),
            SenderDomains = ReadDomains(reader, $"{section}:SenderDomains"),
            RecipientDomains = ReadDomains(reader, $"{section}:RecipientDomains"),
            Timeout = reader.Duration($"{section}:Timeout", d.Timeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(2)),
            Lifetime = reader.Duration($"{section}:Lifetime", d.Lifetime, TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)),
            MaxBacklog = reader.Integer($"{section}:MaxBacklog", d.MaxBacklog, 1, 1_000_000),
        };
        return url is null || secret.IsEmpty ? null : target;
    }

    private static Uri? ReadUrl(SettingsReader reader, string key, Profile profile)
    {
        // Its path is a secret with many receivers.
        reader.Conceal(key);
        if (!reader.Has(key))
        {
            reader.Mistake(key, "The webhook leads nowhere.", "Say where notices are posted to, such as \"https://app.example.org/mail-events\".");
            return null;
        }

        if (reader.Text<Uri>(key, null, TryUrl, "an http or https URL without a user's name or a fragment", "https://app.example.org/mail-events") is not { } url)
            return null;
        if (url.Scheme == Uri.UriSchemeHttp && !url.IsLoopback && profile == Profile.Server)
            reader.Mistake(key, "Who is on the way could read addresses and replies.", "Use https; http is for this machine only.");
        return url;
    }

    private static bool TryUrl(ReadOnlySpan<char> text, [NotNullWhen(true)] out Uri? url) =>
        Uri.TryCreate(text.ToString(), UriKind.Absolute, out url) && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
        && url.Host.Length > 0 && url.UserInfo.Length == 0 && url.Fragment.Length == 0;

    private static ReadOnlyMemory<byte> ReadSecret(SettingsReader reader, string section)
    {
        var (secretKey, fileKey) = ($"{section}:Secret", $"{section}:SecretFile");
        var secret = reader.Secret(secretKey);
        var file = reader.Text<string>(fileKey, null, SettingsSchema.TryPath, "a file", "/etc/mailsuite/billing.key");
        if (secret is null == file is null)
        {
            reader.Mistake(section, secret is null ? "Nobody could tell our notices from others'." : "There are two secrets.", secret is null ? $"Give Secret or SecretFile. {SecretRemedy}" : "Remove one of Secret and SecretFile.");
            return default;
        }

        try
        {
            secret ??= File.ReadAllText(file!).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reader.Mistake(fileKey, "The file cannot be read.", e.Message);
            return default;
        }

        if (secret.StartsWith(SecretPrefix, StringComparison.Ordinal))
        {
            var octets = new byte[secret.Length];
            if (Convert.TryFromBase64String(secret[SecretPrefix.Length..], octets, out var length) && length is >= WebhookTarget.MinSecretOctets and <= WebhookTarget.MaxSecretOctets)
                return octets.AsMemory(0, length);
        }

        reader.Mistake(file is null ? secretKey : fileKey, SecretRule, SecretRemedy);
        return default;
    }

    private static IReadOnlySet<DeliveryEvent> ReadEvents(SettingsReader reader, string key, IReadOnlySet<DeliveryEvent> fallback)
    {
        var names = string.Join(", ", Enum.GetNames<DeliveryEvent>());
        var events = reader.List<NamedEvent>(key, [.. fallback.Select(what => new NamedEvent(what))], NamedEvent.TryParse, $"one of {names}", nameof(DeliveryEvent.Bounced), maxCount: 100);
        if (events.Count == 0)
            reader.Mistake(key, "The webhook is told of nothing.", $"Name some of {names}, or remove it.");
        return events.Select(one => one.What).ToHashSet();
    }

    private static IReadOnlySet<Domain> ReadDomains(SettingsReader reader, string key) =>
        reader.List<Domain>(key, [], Domain.TryParse, "a domain name", "example.org", maxCount: 1_000).ToHashSet();

    private sealed record NamedEvent(DeliveryEvent What)
    {
        public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out NamedEvent? named)
        {
            named = text.Length > 0 && !char.IsAsciiDigit(text[0]) && Enum.TryParse<DeliveryEvent>(text, ignoreCase: true, out var what) && Enum.IsDefined(what) ? new NamedEvent(what) : null;
            return named is not null;
        }
    }
}
