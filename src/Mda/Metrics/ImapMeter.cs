using System.Diagnostics.Metrics;
using MailSuite.Mda.Imap.Responses;

namespace MailSuite.Mda.Metrics;

/// <summary>What the IMAP server counts (src/Mta/Metrics/README.md has the table).</summary>
internal static class ImapMeter
{
    private const string Outcome = "mailsuite.outcome";
    private const string Status = "mailsuite.imap.status";

    private static readonly Meter Meter = new(MdaMeter.Name);

    private static readonly UpDownCounter<int> ActiveSessions = Meter.CreateUpDownCounter<int>("mailsuite.imap.server.active_sessions", "{session}", "IMAP sessions that are open.");

    private static readonly Counter<long> Sessions = Meter.CreateCounter<long>("mailsuite.imap.server.sessions", "{session}", "IMAP sessions that were begun or turned away.");

    private static readonly Counter<long> Answers = Meter.CreateCounter<long>("mailsuite.imap.server.answers", "{response}", "Tagged responses to commands of IMAP.");

    /// <summary>A client has connected; one that was let in leaves with <see cref="SessionEnded"/>.</summary>
    public static void SessionAsked(bool letIn)
    {
        if (letIn)
            ActiveSessions.Add(1);
        Sessions.Add(1, new KeyValuePair<string, object?>(Outcome, letIn ? "served" : "refused"));
    }

    public static void SessionEnded() => ActiveSessions.Add(-1);

    public static void Answered(ImapAnswerKind kind) => Answers.Add(1, new KeyValuePair<string, object?>(Status, kind switch
    {
        ImapAnswerKind.Ok => "ok",
        ImapAnswerKind.No => "no",
        _ => "bad",
    }));
}
