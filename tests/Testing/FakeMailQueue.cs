using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Testing;

/// <summary>A queue in memory that shows what it is given and remembers what it is told.</summary>
public sealed class FakeMailQueue : IMailQueue
{
    private static readonly DateTimeOffset At = new(2026, 5, 4, 10, 0, 0, TimeSpan.Zero);

    public List<QueuedMail> Messages { get; } = [];

    public List<RetiredMail> Retired { get; } = [];

    public List<(QueueOrder Order, QueueFilter Filter)> Orders { get; } = [];

    /// <summary>The filter of the last listing.</summary>
    public QueueFilter? Asked { get; private set; }

    /// <summary>The filter of the last search of what is done.</summary>
    public RetiredFilter? AskedRetired { get; private set; }

    /// <summary>Whether nothing can be read now.</summary>
    public bool IsDown { get; set; }

    public static QueuedMail Mail(string id, string from, params string[] to) =>
        new(id, 2048, At, $"<{from}>", [.. to.Select(address => new QueuedMailRecipient(address, 2, At.AddMinutes(10), "It did not answer.") { State = QueueState.Waiting, RemoteReply = "451 4.3.0 <Later>" })]) { Journey = "7" };

    public ValueTask<QueuePage> ListAsync(QueueFilter filter, QueuePageRequest request, CancellationToken cancellationToken)
    {
        if (IsDown)
            throw new IOException("The database is locked.");
        Asked = filter;
        return new(new QueuePage([.. Messages.Take(request.Limit)], null));
    }

    public ValueTask<QueuedMailDetail?> FindAsync(string id, CancellationToken cancellationToken) =>
        new(Messages.Find(mail => mail.Id == id) is { } found ? new QueuedMailDetail(found, "Subject: <b>Hello</b>\n", null) : null);

    public ValueTask<Stream?> OpenAsync(string id, CancellationToken cancellationToken) =>
        new(Messages.Exists(mail => mail.Id == id) ? new MemoryStream("Subject: <b>Hello</b>\r\n\r\n<script>alert(1)</script>\r\n"u8.ToArray()) : null);

    public ValueTask<QueueSummary> SummarizeAsync(QueueFilter filter, CancellationToken cancellationToken)
    {
        var recipients = Messages.Sum(mail => (long)mail.Recipients.Count);
        long[] ages = [recipients, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        var counts = new QueueCounts(recipients, 0, 0, 0);
        return new(new QueueSummary(At, Messages.Count, recipients, Messages.Sum(mail => mail.Octets), false, counts, ages,
            recipients == 0 ? [] : [new DestinationSummary("away.test", false, Messages.Count, recipients, counts, At, At.AddMinutes(10), "451 4.3.0 <Later>", ages)], recipients == 0 ? 0 : 1));
    }

    public ValueTask<QueueOrderOutcome> OrderAsync(QueueOrder order, QueueFilter filter, IProgress<QueueOrderProgress>? progress, CancellationToken cancellationToken)
    {
        Orders.Add((order, filter));
        return new(new QueueOrderOutcome.Done(Messages.Count, Messages.Count));
    }

    public ValueTask<RetiredPage> ListRetiredAsync(RetiredFilter filter, RetiredPageRequest request, CancellationToken cancellationToken)
    {
        AskedRetired = filter;
        return new(new RetiredPage([.. Retired.Take(request.Limit)], null));
    }
}
