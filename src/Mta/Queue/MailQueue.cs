using MailSuite.Mta.Dsn;
using MailSuite.Mta.Routing;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Shared.Journey;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mta.Queue;

/// <summary>The queue as a person looks at it and rules it.</summary>
internal sealed partial class MailQueue(
    MtaOptions options, SpoolStore spool, RouteTable routes, DestinationBreakers breakers, HeldDomains held, IJourneyRecorder journeys, TimeProvider clock, ILogger<MailQueue> logger) : IMailQueue
{
    /// <summary>Recipients in one write, which other writes wait for.</summary>
    private const int MaxOrdered = 1000;

    /// <summary>A count is given again for so many times as long as it took, so that whoever watches costs a tenth of a processor at most.</summary>
    private const int CountRest = 10;

    private readonly Lock _lock = new();
    private (QueueSummary Summary, long At, TimeSpan For)? _counted;

    public async ValueTask<QueuePage> ListAsync(QueueFilter filter, QueuePageRequest request, CancellationToken cancellationToken) =>
        await Task.Run(() => spool.Listing.List(filter, request), cancellationToken);

    public async ValueTask<QueuedMailDetail?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (spool.Listing.Find(id) is var (detail, content))
        {
            await using var header = (await ReturnedMessage.HeaderOfAsync(content, cancellationToken)).OpenRead();
            using var text = new StreamReader(header);
            return detail with { Header = await text.ReadToEndAsync(cancellationToken) };
        }

        return spool.Retired.Find(id) is { } done ? DetailOf(done) : null;
    }

    public ValueTask<Stream?> OpenAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return new ValueTask<Stream?>(spool.Listing.Find(id)?.Content.OpenRead());
        }
        catch (IOException)
        {
            // It has just gone.
            return new ValueTask<Stream?>((Stream?)null);
        }
    }

    public async ValueTask<QueueSummary> SummarizeAsync(QueueFilter filter, CancellationToken cancellationToken)
    {
        if (!filter.IsEverything)
            return await Task.Run(() => WithDead(spool.Count.Of(filter)), cancellationToken);

        lock (_lock)
        {
            if (_counted is var (summary, at, rest) && clock.GetElapsedTime(at) < rest)
                return summary;
        }

        return await Task.Run(() =>
        {
            var started = clock.GetTimestamp();
            var counted = WithDead(spool.Count.Of(filter));
            lock (_lock)
                _counted = (counted, clock.GetTimestamp(), clock.GetElapsedTime(started) * CountRest);
            return counted;
        }, cancellationToken);
    }

    /// <remarks>A retry leaves alone what waits to be asked for: it would be put back at once.</remarks>
    public async ValueTask<QueueOrderOutcome> OrderAsync(QueueOrder order, QueueFilter filter, IProgress<QueueOrderProgress>? progress, CancellationToken cancellationToken)
    {
        if (Mistake(order, filter) is { } mistake)
            return new QueueOrderOutcome.Refused(mistake);

        var newest = spool.Selection.Newest();
        var (messages, recipients) = (0L, 0L);
        var (after, lastMessage) = ((Message: 0L, Recipient: 0L), 0L);
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var batch = await Task.Run(() => spool.Selection.Next(order, filter, after, newest, held.Destinations, clock.GetUtcNow(), MaxOrdered), cancellationToken);
                if (batch.Count == 0)
                    break;

                after = (batch[^1].MessageKey, batch[^1].Key);
                var done = await spool.OrderAsync(new QueueOrderBatch(order, batch), cancellationToken);
                recipients += done.Count;
                foreach (var message in done.GroupBy(recipient => recipient.MessageKey))
                {
                    if (message.Key != lastMessage)
                        messages++;
                    lastMessage = message.Key;
                    if (order.Action != QueueAction.Retry || filter.Ids.Count > 0)
                        Tell(order, [.. message]);
                }

                progress?.Report(new QueueOrderProgress(messages, recipients));
            }
        }
        catch (SpoolUnavailableException e)
        {
            return new QueueOrderOutcome.Interrupted(messages, recipients, e.Message);
        }
        finally
        {
            LogOrdered(order.Action, order.By, messages, recipients);
        }

        return new QueueOrderOutcome.Done(messages, recipients);
    }

    public async ValueTask<RetiredPage> ListRetiredAsync(RetiredFilter filter, RetiredPageRequest request, CancellationToken cancellationToken) =>
        await Task.Run(() => spool.Retired.List(filter, request), cancellationToken);

    /// <summary>With what is known of their next hops: one that nobody answers for is not tried.</summary>
    private QueueSummary WithDead(QueueSummary summary) => summary with
    {
        Destinations = [.. summary.Destinations.Select(one => LaneOf(one) is var lane && breakers.DeadUntil(lane) is { } until
            // What waits behind a dead host was not tried itself.
            ? one with { DeadUntil = until, LastError = one.LastError ?? breakers.LastError(lane) }
            : one)],
    };

    private string LaneOf(DestinationSummary summary)
    {
        var destination = summary.IsRerouted ? RecipientDestination.Rerouted(summary.Destination) : summary.Destination;
        return routes.ChooseWaiting(destination).Hosts?.Lane ?? destination;
    }

    private static QueuedMailDetail DetailOf(RetiredMail done)
    {
        var recipients = done.Recipients.Select(recipient => new QueuedMailRecipient(recipient.Address, Attempts: 0, NextAttemptAt: null, recipient.Reply)
        {
            State = recipient.State,
            Status = recipient.Status,
            RemoteHost = recipient.Host,
            RemoteReply = recipient.Reply,
        });
        return new QueuedMailDetail(new QueuedMail(done.Id, done.Octets, done.AcceptedAt, done.ReversePath, [.. recipients]) { Journey = done.Journey }, Header: null, done.FinishedAt);
    }

    private string? Mistake(QueueOrder order, QueueFilter filter) =>
        filter.Ids.Count > QueueFilter.MaxIds ? $"An order can name {QueueFilter.MaxIds} messages at most."
        : order.By.Length is 0 or > QueueOrder.MaxCharacters ? "An order needs the name of whoever gives it."
        : order.NextHop is not null && order.Action != QueueAction.Reroute ? "Only a message that is rerouted has a next hop."
        : order.NextHop is { } hop && !IsHop(hop) ? $"'{hop}' is no next hop: name a host, an [address], either with :port, or a transport."
        : null;

    private bool IsHop(string text) => text.Length <= QueueOrder.MaxCharacters
        && (options.Relay.Routing.Transports.ContainsKey(text) || text.Equals(options.Relay.Routing.Smarthost?.Name, StringComparison.OrdinalIgnoreCase) || NextHop.TryParse(text, out _));

    private void Tell(QueueOrder order, IReadOnlyList<OrderedRecipient> recipients)
    {
        var what = order.Action switch
        {
            QueueAction.Retry => "It is tried at once, as {0} wants it.",
            QueueAction.Hold => "It is held by {0}: neither tried nor given up until it is released.",
            QueueAction.Release => "It is released by {0} and tried at once.",
            QueueAction.Drop => "It is given up by {0}, and nobody is told.",
            QueueAction.Return => "It is given up by {0}, and its sender is told.",
            _ => order.NextHop is { } hop ? $"It is sent by way of {hop}, as {{0}} wants it." : "It goes the usual way again, as {0} wants it.",
        };
        journeys.Record(new JourneyEvent(
            recipients[0].Journey, clock.GetUtcNow(), MailRole.Mta, JourneyStep.Ordered, options.HostName.Ascii, string.Format(System.Globalization.CultureInfo.InvariantCulture, what, order.By))
        {
            Recipients = [.. recipients.Select(recipient => recipient.Recipient.Address)],
        });
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Order}, ordered by {By}: {Messages} messages, {Recipients} recipients")]
    private partial void LogOrdered(QueueAction order, string by, long messages, long recipients);
}
