using System.Diagnostics.Metrics;
using MailSuite.Mda.Pop3.Replies;

namespace MailSuite.Mda.Metrics;

/// <summary>What the POP3 server counts (src/Mta/Metrics/README.md has the table).</summary>
internal static class Pop3Meter
{
    private const string Outcome = "mailsuite.outcome";
    private const string Status = "mailsuite.pop3.status";

    private static readonly Meter Meter = new(MdaMeter.Name);

    private static readonly UpDownCounter<int> ActiveSessions = Meter.CreateUpDownCounter<int>("mailsuite.pop3.server.active_sessions", "{session}", "POP3 sessions that are open.");

    private static readonly Counter<long> Sessions = Meter.CreateCounter<long>("mailsuite.pop3.server.sessions", "{session}", "POP3 sessions that were begun or turned away.");

    private static readonly Counter<long> Responses = Meter.CreateCounter<long>("mailsuite.pop3.server.responses", "{response}", "Responses to commands of POP3.");

    private static readonly Counter<long> Messages = Meter.CreateCounter<long>("mailsuite.pop3.server.messages", "{message}", "Messages that were fetched or removed over POP3.");

    /// <summary>A client has connected; one that was let in leaves with <see cref="SessionEnded"/>.</summary>
    public static void SessionAsked(bool letIn)
    {
        if (letIn)
            ActiveSessions.Add(1);
        Sessions.Add(1, new KeyValuePair<string, object?>(Outcome, letIn ? "served" : "refused"));
    }

    public static void SessionEnded() => ActiveSessions.Add(-1);

    public static void Responded(Pop3Reply reply) => Responses.Add(1, new KeyValuePair<string, object?>(Status, reply.IsOk ? "ok" : "err"));

    public static void Fetched() => Messages.Add(1, new KeyValuePair<string, object?>(Outcome, "fetched"));

    public static void Removed(int messages) => Messages.Add(messages, new KeyValuePair<string, object?>(Outcome, "removed"));
}
