using MailSuite.Mua.Journey;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Journey;

namespace MailSuite.Mua.Web;

/// <summary>What of a journey a signed-in person may see.</summary>
/// <remarks>
/// The sender sees all. A recipient sees what concerns all or themselves, and no word that could name another recipient, who may have
/// been blind-copied (RFC 5322 §3.6.3): dialogues and lists of recipients go when there were others. Nobody else sees anything.
/// </remarks>
internal static class JourneyPrivacy
{
    /// <param name="ownsMessage">The person has the message in a mailbox, under whatever address it came.</param>
    /// <returns><see langword="null"/> when the journey is none of this person's business.</returns>
    internal static MessageJourney? For(MessageJourney journey, Account viewer, bool ownsMessage)
    {
        var address = viewer.Address.ToString();
        if (IsSame(journey.ReversePath, address))
            return journey;

        var isRecipient = journey.Recipients.Any(r => IsSame(r, address));
        if (!isRecipient && !ownsMessage)
            return null;

        var others = journey.Recipients.Concat(journey.Events.SelectMany(e => e.Recipients).Select(r => r.ToString()))
            .Where(r => !IsSame(r, address)).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        // One who is not named got it by an alias, and then the one recipient is that alias.
        if (others.Count == 0 || (!isRecipient && others.Count == 1))
            return journey;

        return journey with
        {
            Recipients = isRecipient ? [address] : [],
            Events = [.. journey.Events.Where(e => e.Recipients.Count == 0 || e.Recipients.Any(r => IsSame(r.ToString(), address)) || e.Step is JourneyStep.Composed or JourneyStep.Accepted)
                .Select(e => Redact(e, others))],
        };
    }

    private static JourneyEvent Redact(JourneyEvent e, List<string> others) => e with
    {
        Recipients = [.. e.Recipients.Where(r => !others.Contains(r.ToString(), StringComparer.OrdinalIgnoreCase))],
        Dialogue = [],
        Summary = Hide(e.Summary, others)!,
        Reason = Hide(e.Reason, others),
    };

    private static string? Hide(string? text, List<string> others)
    {
        foreach (var other in others)
            text = text?.Replace(other, "another recipient", StringComparison.OrdinalIgnoreCase);
        return text;
    }

    private static bool IsSame(string? one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
