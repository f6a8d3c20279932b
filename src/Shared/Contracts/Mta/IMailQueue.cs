namespace MailSuite.Shared.Contracts.Mta;

/// <summary>The queue as people see it and rule it. Mta implements it; the pages, the API, and commands such as <c>mailq</c> ask.</summary>
/// <remarks>
/// Reading never holds up mail and takes a bounded time; what could not be looked at within it is found on the next page. Orders are durable
/// when they are answered, and are written so many recipients at a time that no other write waits long.
/// </remarks>
public interface IMailQueue
{
    /// <summary>The messages of which a recipient is in the filter, with those recipients; without a filter those of whom something is left to do.</summary>
    ValueTask<QueuePage> ListAsync(QueueFilter filter, QueuePageRequest request, CancellationToken cancellationToken);

    /// <summary>One message of the queue with all its recipients, or one that is done and still remembered.</summary>
    /// <returns><see langword="null"/> when there is none of this id, or not any more.</returns>
    ValueTask<QueuedMailDetail?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>The octets of a message that is in the queue, as they are sent. The caller disposes the stream.</summary>
    /// <returns><see langword="null"/> when it is not there any more.</returns>
    ValueTask<Stream?> OpenAsync(string id, CancellationToken cancellationToken);

    /// <summary>How much waits for which destination and since when. Of a queue without filter the answer may be some seconds old.</summary>
    ValueTask<QueueSummary> SummarizeAsync(QueueFilter filter, CancellationToken cancellationToken);

    /// <summary>Has an order done for every recipient in the filter that it can be done for. Mail that comes meanwhile is left out.</summary>
    /// <remarks>Each message tells it in its journey. A retry of messages that were not named by id is not told: it may happen every few minutes.</remarks>
    /// <param name="progress">Told after each write how far it is; may be <see langword="null"/>.</param>
    /// <param name="cancellationToken">What is written by then stays done.</param>
    ValueTask<QueueOrderOutcome> OrderAsync(QueueOrder order, QueueFilter filter, IProgress<QueueOrderProgress>? progress, CancellationToken cancellationToken);

    /// <summary>Messages that are done, the latest first, as long as they are remembered (<see cref="RelayOptions.KeepRetired"/>).</summary>
    ValueTask<RetiredPage> ListRetiredAsync(RetiredFilter filter, RetiredPageRequest request, CancellationToken cancellationToken);
}
