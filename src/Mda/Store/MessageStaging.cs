using MailSuite.Mda.Search;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Journey;

namespace MailSuite.Mda.Store;

/// <summary>Takes a message from its caller's hands to the commit: what is slow happens here, before the writer sees it.</summary>
internal sealed class MessageStaging(MailStore store, MdaOptions options, TimeProvider clock)
{
    /// <summary>Derives what is shown of it and, for a large message, writes and syncs its body file.</summary>
    /// <exception cref="StoreFault">The disk refused.</exception>
    internal async ValueTask<NewMessage> StageAsync(
        DeliveryId? id, JourneyId? journey, ReadOnlyMemory<byte> prefix, IMessageContent content, MessageFlags flags, DateTimeOffset internalDate, CancellationToken cancellationToken)
    {
        var isLarge = content.Octets > options.LargeMessageOctets;
        if (!isLarge && !content.TryGetMemory(out _))
            content = await ReadAsync(content, cancellationToken);
        var facts = await DerivedFacts.ReadAsync(prefix, content, cancellationToken);
        string? file = null;
        if (isLarge)
        {
            if (store.FreeSpace.Octets is { } free && free - content.Octets < options.MinFreeOctets)
                throw StoreFault.DiskNearlyFull(free);
            await store.OpenAsync();
            file = await store.Bodies.WriteAsync(content, cancellationToken);
        }

        return new NewMessage(id, journey, prefix, content, file, facts, flags, internalDate) { Threading = ThreadKeys.Of(facts.Header) };
    }

    /// <summary>Begins a message that comes piece by piece.</summary>
    internal IncomingMessage Begin(long expected, int maxMemory) => new(store, options, expected, maxMemory);

    /// <summary>The same for a message that has come piece by piece.</summary>
    /// <param name="internalDate"><see langword="null"/> for now.</param>
    /// <exception cref="StoreFault">The disk refused.</exception>
    internal async ValueTask<NewMessage> StageAsync(IncomingMessage incoming, MessageFlags flags, DateTimeOffset? internalDate, CancellationToken cancellationToken)
    {
        var (content, file) = incoming.Finish();
        try
        {
            var facts = await DerivedFacts.ReadAsync(default, content, cancellationToken);
            return new NewMessage(null, null, default, content, file, facts, flags, internalDate ?? clock.GetUtcNow()) { Threading = ThreadKeys.Of(facts.Header) };
        }
        catch
        {
            store.Bodies.DeleteUncommitted(file);
            throw;
        }
    }

    /// <summary>Forgets a message that is not to be stored.</summary>
    internal void Discard(NewMessage message) => store.Bodies.DeleteUncommitted(message.File);

    /// <summary>Files the message; durable when the task is done.</summary>
    /// <exception cref="StoreFault">Nothing was filed.</exception>
    internal async ValueTask<IReadOnlyList<Filing>> CommitAsync(NewMessage message, IReadOnlyList<FilingTarget> targets, CancellationToken cancellationToken)
    {
        var context = FilingContext.Of(store, options, clock);
        try
        {
            return await store.WriteAsync(turn => FilingStatements.File(turn, context, message, targets), takesSpace: true, cancellationToken);
        }
        catch (Exception exception) when (exception is StoreFault { IsFull: true } or StoreFault { IsBusy: true } or OperationCanceledException)
        {
            // Surely not committed, so the file goes now. After any other fault the sweep decides: the commit may
            // have reached the disk although it was reported as failed.
            store.Bodies.DeleteUncommitted(message.File);
            throw;
        }
    }

    private static async ValueTask<IMessageContent> ReadAsync(IMessageContent content, CancellationToken cancellationToken)
    {
        var octets = GC.AllocateUninitializedArray<byte>((int)content.Octets);
        await using var stream = content.OpenRead();
        await stream.ReadExactlyAsync(octets, cancellationToken);
        return new MemoryContent(octets);
    }
}
