using System.Diagnostics;
using System.Diagnostics.Metrics;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Metrics;

/// <summary>What the MTA counts (README.md has the table). Nobody listening, a count is the reading of one field; it never allocates nor takes a lock of ours.</summary>
/// <remarks>No label has more values than stand in the code: hosts, domains and accounts are in logs and journeys.</remarks>
internal static class MtaMeter
{
    public const string Name = "MailSuite.Mta";

    private const string Role = "mailsuite.smtp.role";
    private const string ReplyClass = "mailsuite.smtp.reply_class";
    private const string Outcome = "mailsuite.outcome";

    /// <summary>Of what takes milliseconds to seconds.</summary>
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] };

    /// <summary>Of what takes seconds to days.</summary>
    private static readonly InstrumentAdvice<double> LongSeconds = new() { HistogramBucketBoundaries = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14_400, 86_400, 432_000] };

    private static readonly InstrumentAdvice<int> Counts = new() { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200] };

    private static readonly Meter Meter = new(Name);

    private static readonly UpDownCounter<int> ActiveSessions =
        Meter.CreateUpDownCounter<int>("mailsuite.smtp.server.active_sessions", "{session}", "SMTP sessions that are open.");

    private static readonly Counter<long> Sessions = Meter.CreateCounter<long>("mailsuite.smtp.server.sessions", "{session}", "SMTP sessions that were begun or turned away.");

    private static readonly Counter<long> Replies = Meter.CreateCounter<long>("mailsuite.smtp.server.replies", "{reply}", "Replies to commands and to messages.");

    private static readonly Counter<long> Messages = Meter.CreateCounter<long>("mailsuite.smtp.server.messages", "{message}", "Messages that were received to their end, by the class of their reply.");

    private static readonly Counter<long> Octets = Meter.CreateCounter<long>("mailsuite.smtp.server.message.size", "By", "Octets of the messages that were accepted.");

    private static readonly Counter<long> Attempts = Meter.CreateCounter<long>("mailsuite.queue.attempts", "{recipient}", "What attempts did, for each recipient.");

    private static readonly Histogram<double> DeliveryTime = Meter.CreateHistogram(
        "mailsuite.queue.delivery.duration", "s", "From acceptance, or the release of held mail, to the commit of its delivery, for each recipient.", advice: LongSeconds);

    private static readonly Counter<long> Connections = Meter.CreateCounter<long>("mailsuite.smtp.client.connections", "{connection}", "Connections to next hosts.");

    private static readonly Counter<long> ClientSessions = Meter.CreateCounter<long>("mailsuite.smtp.client.sessions", "{session}", "Sessions with next hosts that could begin, by the TLS reached.");

    private static readonly Histogram<double> DnsTime = Meter.CreateHistogram("mailsuite.dns.lookup.duration", "s", "Look-ups in the DNS for relaying.", advice: Seconds);

    private static readonly Histogram<double> CommitTime = Meter.CreateHistogram("mailsuite.spool.commit.duration", "s", "Transactions of the spool with their sync.", advice: Seconds);

    private static readonly Histogram<int> CommitSize = Meter.CreateHistogram("mailsuite.spool.commit.writes", "{write}", "Writes that shared a transaction of the spool.", advice: Counts);

    private static readonly Counter<long> WebhookPosts = Meter.CreateCounter<long>("mailsuite.webhook.posts", "{post}", "Posts to webhooks.");

    private static readonly Counter<long> WebhookLost = Meter.CreateCounter<long>("mailsuite.webhook.lost", "{notice}", "Notices that no webhook will get: no room, or tried for too long.");

    /// <summary>A session has begun; it is over with <see cref="SessionEnded"/>.</summary>
    public static void SessionBegan(SmtpRole role)
    {
        ActiveSessions.Add(1, new KeyValuePair<string, object?>(Role, NameOf(role)));
        Sessions.Add(1, new KeyValuePair<string, object?>(Role, NameOf(role)), new KeyValuePair<string, object?>(Outcome, "served"));
    }

    public static void SessionEnded(SmtpRole role) => ActiveSessions.Add(-1, new KeyValuePair<string, object?>(Role, NameOf(role)));

    public static void SessionTurnedAway(SmtpRole role) => Sessions.Add(1, new KeyValuePair<string, object?>(Role, NameOf(role)), new KeyValuePair<string, object?>(Outcome, "refused"));

    public static void Replied(SmtpReply reply) => Replies.Add(1, new KeyValuePair<string, object?>(ReplyClass, ClassOf(reply)));

    /// <summary>A message was received to its end, and answered.</summary>
    public static void Concluded(SmtpRole role, SmtpReply reply, long octets)
    {
        Messages.Add(1, new KeyValuePair<string, object?>(Role, NameOf(role)), new KeyValuePair<string, object?>(ReplyClass, ClassOf(reply)));
        if (reply.IsPositive)
            Octets.Add(octets, new KeyValuePair<string, object?>(Role, NameOf(role)));
    }

    /// <summary>What an attempt did is on disk.</summary>
    public static void Settled(QueuedMessage message, IReadOnlyList<Settlement> settlements, DateTimeOffset now)
    {
        if (!Attempts.Enabled && !DeliveryTime.Enabled)
            return;

        // An enumerator would be an allocation.
        for (var i = 0; i < settlements.Count; i++)
        {
            var settlement = settlements[i];
            var outcome = settlement.Outcome;
            Attempts.Add(1, new KeyValuePair<string, object?>(Outcome, outcome.Kind switch
            {
                OutcomeKind.Delivered => "delivered",
                OutcomeKind.Deferred => settlement.Tried ? "deferred" : "untried",
                _ => outcome.IsExpired ? "expired" : "failed",
            }));
            if (outcome.Kind == OutcomeKind.Delivered)
                DeliveryTime.Record(Math.Max(0, (now - message.ReleasedAt).TotalSeconds), new KeyValuePair<string, object?>("mailsuite.destination", outcome.RemoteHost is null ? "local" : "remote"));
        }
    }

    public static void Connected(bool succeeded) => Connections.Add(1, new KeyValuePair<string, object?>(Outcome, succeeded ? "opened" : "failed"));

    /// <summary>A message goes over a connection that was kept.</summary>
    public static void Reused() => Connections.Add(1, new KeyValuePair<string, object?>(Outcome, "reused"));

    public static void ClientSessionBegan(bool isEncrypted, bool isVerified) =>
        ClientSessions.Add(1, new KeyValuePair<string, object?>("mailsuite.tls", isVerified ? "verified" : isEncrypted ? "encrypted" : "none"));

    /// <summary>The beginning of something that is timed; 0 when nobody wants to know.</summary>
    public static long DnsBegins() => DnsTime.Enabled ? Stopwatch.GetTimestamp() : 0;

    /// <param name="type">Of the records: MX, A, AAAA.</param>
    /// <param name="outcome">found, none or failed.</param>
    public static void DnsEnded(long began, string type, string outcome)
    {
        if (began != 0)
            DnsTime.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, new KeyValuePair<string, object?>("dns.question.type", type), new KeyValuePair<string, object?>(Outcome, outcome));
    }

    /// <inheritdoc cref="DnsBegins"/>
    public static long CommitBegins() => CommitTime.Enabled ? Stopwatch.GetTimestamp() : 0;

    public static void Committed(long began, int writes)
    {
        if (began == 0)
            return;

        CommitTime.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
        CommitSize.Record(writes);
    }

    /// <param name="webhook">Its name; there are so many as the settings have.</param>
    public static void Posted(string webhook, bool isTaken) =>
        WebhookPosts.Add(1, new KeyValuePair<string, object?>("mailsuite.webhook", webhook), new KeyValuePair<string, object?>(Outcome, isTaken ? "taken" : "failed"));

    /// <inheritdoc cref="Posted"/>
    public static void LostNotice(string webhook) => WebhookLost.Add(1, new KeyValuePair<string, object?>("mailsuite.webhook", webhook));

    private static string NameOf(SmtpRole role) => role switch
    {
        SmtpRole.Mx => "mx",
        SmtpRole.Submission => "submission",
        SmtpRole.ImplicitTlsSubmission => "submission_tls",
        SmtpRole.Lmtp => "lmtp",
        SmtpRole.Odmr => "odmr",
        _ => "local",
    };

    private static string ClassOf(SmtpReply reply) => (reply.Code / 100) switch
    {
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    };
}
