using MailSuite.Testing.Misbehaving;

namespace MailSuite.Mta.Tests.Faults;

/// <summary>What the recipients of a message come to before each server of the kit: delivered, failed, or waiting, as its words allow. Doubt waits.</summary>
internal static class ServerFaults
{
    private static readonly Dictionary<string, string> Outcomes = new(StringComparer.Ordinal)
    {
        ["hangs up at once"] = "waits 4.4.2",
        // The reset may come while the connection is still being made.
        ["resets at once"] = "waits 4.4.",
        ["never greets"] = "waits 4.4.2",
        ["greets an octet at a time"] = "delivered",
        ["hangs up after the greeting"] = "waits 4.4.2",
        ["greets with 421"] = "waits 4.3.2",
        ["greets with 450"] = "waits 4.7.1",
        ["greets with 554"] = "failed 5.7.1",
        ["greets with 554 and goes silent"] = "failed 5.7.1",
        ["greets with a line that is too long"] = "waits 4.5.0",
        ["greets with a line without end"] = "waits 4.5.0",
        ["greets with lines without end"] = "waits 4.5.0",

        // Its HELO, which comes next, has no answer.
        ["EHLO: answers 554 and hangs up"] = "waits 4.4.2",
        ["RCPT: answers 451 and hangs up"] = "waits 4.3.0, waits 4.4.2, waits 4.4.2",
        ["RCPT: answers 554 and hangs up"] = "failed 5.7.1, waits 4.4.2, waits 4.4.2",

        ["hangs up in the message"] = "waits 4.4.2",
        ["resets in the message"] = "waits 4.4.2",
        ["says 552 in the message and hangs up"] = "failed 5.3.4",
        // The reset may overtake its words.
        ["says 451 in the message and resets"] = "waits 4.",
        ["takes no more octets"] = "waits 4.4.2",
        ["takes an octet now and then"] = "waits 4.4.2",

        ["answers 250 and resets"] = "delivered",
        ["answers 250 and hangs up"] = "delivered",
        ["answers 250 an octet at a time"] = "delivered",
        ["answers 250 and 421 behind it"] = "delivered",
        ["answers 250 without end"] = "waits 4.5.0",
        ["answers 250 and garbage behind it"] = "delivered",
        ["answers 250 and never again"] = "delivered",
        ["goes on after 221"] = "delivered",
        ["answers QUIT with 500"] = "delivered",

        ["answers MAIL before it was said"] = "waits 4.5.0",
        ["answers everything before anything was said"] = "waits 4.5.0",
        ["answers the message before it was sent"] = "waits 4.5.0",
        ["leaves one RCPT unanswered"] = "waits 4.4.2, waits 4.4.2, waits 4.5.0",
        ["answers one RCPT twice"] = "waits 4.5.0",
        ["answers the pipeline before it has come, and the message never"] = "waits 4.4.2, failed 5.1.1, waits 4.2.1",

        ["hangs up at STARTTLS"] = "waits 4.4.2",
        ["resets at STARTTLS"] = "waits 4.4.2",
        ["answers STARTTLS with 454"] = "delivered",
        ["answers STARTTLS with 554"] = "delivered",
        ["answers STARTTLS with 421"] = "waits 4.3.2",
        ["answers STARTTLS with garbage"] = "waits 4.5.0",
        ["never answers STARTTLS"] = "waits 4.4.2",
        // Opportunistic TLS: what does not work is left out (RFC 7435).
        ["hangs up when the handshake begins"] = "delivered",
        ["resets when the handshake begins"] = "delivered",
        ["talks SMTP in the handshake"] = "delivered",
        ["sends an alert in the handshake"] = "delivered",
        ["stops in the middle of a record of the handshake"] = "delivered",
        ["sends a record that is no handshake"] = "delivered",
        ["never ends the handshake"] = "delivered",

        ["has this certificate"] = "delivered",
        ["hangs up after the handshake"] = "waits 4.4.2",
        ["resets after the handshake"] = "waits 4.4.2",
        ["answers EHLO with 451 after the handshake"] = "waits 4.3.0",
        ["answers EHLO with garbage after the handshake"] = "waits 4.5.0",
        ["resets after the message came over TLS"] = "waits 4.4.2",
    };

    /// <summary>What all recipients come to, or each of them, separated by commas.</summary>
    public static string OutcomeOf(string name) => Outcomes.GetValueOrDefault(name) ?? name switch
    {
        _ when name.Contains("answers 421", StringComparison.Ordinal) => "waits 4.3.2",
        _ when name.Contains("answers 451", StringComparison.Ordinal) => "waits 4.3.0",
        _ when name.Contains("answers 554", StringComparison.Ordinal) => "failed 5.7.1",
        _ => "waits 4.",
    };

    public static TheoryData<string> NamesOf(IEnumerable<Misbehaviour> kit) => [.. kit.Select(one => one.Name)];

    public static Misbehaviour Named(IEnumerable<Misbehaviour> kit, string name) => kit.Single(one => one.Name == name);
}
