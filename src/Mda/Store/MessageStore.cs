using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store;

/// <summary>Changes the messages of mailboxes: one way for IMAP, POP3 and the webmail.</summary>
/// <remarks>
/// What a task gives back is durable, and in the snapshot of every session that has the mailbox open. Who may do it, the caller has
/// asked, or names an account whose own the mailboxes must be. Large changes go in transactions of <see cref="MaxChunk"/> messages, so
/// that deliveries pass between them, except where all or none is promised.
/// </remarks>
internal sealed class MessageStore(MailStore store, MdaOptions options, TimeProvider clock)
{
    /// <summary>Messages that one transaction changes at most.</summary>
    internal const int MaxChunk = 500;

    private FilingContext Now => FilingContext.Of(store, options, clock);

    /// <summary>Appends staged messages, all or none (RFC 3502), with ascending UIDs in their order.</summary>
    /// <exception cref="StoreFault">Nothing was appended.</exception>
    internal async ValueTask<Appending> AppendAsync(
        MailboxId mailbox, IReadOnlyList<NewMessage> messages, CancellationToken cancellationToken, AccountId? owner = null)
    {
        var context = Now;
        return await AppendAsync(mailbox, messages, turn => FilingStatements.Append(turn, context, mailbox, owner, messages), cancellationToken);
    }

    /// <summary>Appends a staged message and expunges the one that it replaces (RFC 8508), both or none.</summary>
    /// <returns>Gone when the message that is to be replaced is.</returns>
    /// <exception cref="StoreFault">Nothing was done.</exception>
    internal async ValueTask<Appending> ReplaceAsync(MailboxId source, uint replaced, MailboxId target, NewMessage message, CancellationToken cancellationToken)
    {
        var context = Now;
        var appending = await AppendAsync(target, [message], turn => FilingStatements.Replace(turn, context, source, replaced, target, message), cancellationToken);
        await store.Open.SettleAsync(source);
        return appending;
    }

    /// <summary>Changes flags and keywords; a message that is as it should be keeps its ModSeq.</summary>
    /// <param name="unchangedSince">Leaves messages with a higher ModSeq and names them (RFC 7162 §3.1.3).</param>
    internal async ValueTask<FlagStoring> StoreFlagsAsync(
        MailboxId mailbox, IReadOnlyList<uint> uids, FlagChange change, long? unchangedSince, CancellationToken cancellationToken, AccountId? owner = null)
    {
        var modified = new List<uint>();
        var there = 0;
        foreach (var chunk in uids.Chunk(MaxChunk))
        {
            var storing = await TryAsync(
                turn => FlagStatements.Change(turn, store.Keywords, mailbox, owner, chunk, change, unchangedSince),
                takesSpace: false,
                new FlagStoring(StoreResult.NoRoom, [], 0),
                cancellationToken);
            modified.AddRange(storing.Modified);
            there += storing.There;
            if (storing.Result != StoreResult.Done)
                return new FlagStoring(storing.Result, modified, there);
        }

        await store.Open.SettleAsync(mailbox);
        return new FlagStoring(StoreResult.Done, modified, there);
    }

    /// <summary>Copies messages, all or none (RFC 9051 §6.4.7).</summary>
    internal async ValueTask<Transfer> CopyAsync(
        MailboxId source, IReadOnlyList<uint> uids, MailboxId target, CancellationToken cancellationToken, AccountId? owner = null, KeptFlags? kept = null)
    {
        var request = new TransferRequest(source, target, owner, Now) { Kept = kept ?? KeptFlags.All };
        var transfer = await TryAsync(turn => TransferStatements.Copy(turn, request, uids), takesSpace: true, new Transfer(StoreResult.NoRoom, default, [], []), cancellationToken);
        await store.Open.SettleAsync(target);
        return transfer;
    }

    /// <summary>Moves messages, each in one step and many in several (RFC 6851 §3.3).</summary>
    internal async ValueTask<Transfer> MoveAsync(
        MailboxId source, IReadOnlyList<uint> uids, MailboxId target, CancellationToken cancellationToken, AccountId? owner = null, KeptFlags? kept = null)
    {
        var request = new TransferRequest(source, target, owner, Now) { Kept = kept ?? KeptFlags.All };
        var sources = new List<uint>(uids.Count);
        var targets = new List<uint>(uids.Count);
        var uidValidity = default(UidValidity);
        var result = StoreResult.Done;
        foreach (var chunk in uids.Order().Chunk(MaxChunk))
        {
            var transfer = await TryAsync(turn => TransferStatements.Move(turn, request, chunk), takesSpace: false, new Transfer(StoreResult.NoRoom, default, [], []), cancellationToken);
            sources.AddRange(transfer.Sources);
            targets.AddRange(transfer.Targets);
            result = transfer.Result;
            if (result != StoreResult.Done)
                break;
            if (transfer.Sources.Count > 0)
                uidValidity = transfer.UidValidity;
        }

        await store.Open.SettleAsync(source);
        await store.Open.SettleAsync(target);
        return new Transfer(result, uidValidity, sources, targets);
    }

    /// <summary>Removes messages for good.</summary>
    /// <param name="onlyDeleted">Leaves those that have no \Deleted by then.</param>
    internal async ValueTask<Expunging> ExpungeAsync(
        MailboxId mailbox, IReadOnlyList<uint> uids, bool onlyDeleted, CancellationToken cancellationToken, AccountId? owner = null)
    {
        var gone = new List<uint>(uids.Count);
        var result = StoreResult.Done;
        foreach (var chunk in uids.Order().Chunk(MaxChunk))
        {
            var expunging = await TryAsync(
                turn => ExpungeStatements.Expunge(turn, mailbox, owner, chunk, onlyDeleted), takesSpace: false, new Expunging(StoreResult.NoRoom, []), cancellationToken);
            gone.AddRange(expunging.Uids);
            result = expunging.Result;
            if (result != StoreResult.Done)
                break;
        }

        await store.Open.SettleAsync(mailbox);
        return new Expunging(result, gone);
    }

    private async ValueTask<Appending> AppendAsync(
        MailboxId mailbox, IReadOnlyList<NewMessage> messages, Func<WriteTurn, Appending> append, CancellationToken cancellationToken)
    {
        try
        {
            var appending = await store.WriteAsync(append, takesSpace: true, cancellationToken);
            await store.Open.SettleAsync(mailbox);
            return appending;
        }
        catch (Exception exception) when (exception is StoreFault { IsFull: true } or StoreFault { IsBusy: true } or OperationCanceledException)
        {
            // Surely not committed, so the files go now. After any other fault the sweep decides.
            foreach (var message in messages)
                store.Bodies.DeleteUncommitted(message.File);
            if (exception is StoreFault { IsFull: true })
                return new Appending(StoreResult.NoRoom, default, []);
            throw;
        }
    }

    private async ValueTask<TResult> TryAsync<TResult>(Func<WriteTurn, TResult> change, bool takesSpace, TResult noRoom, CancellationToken cancellationToken)
    {
        try
        {
            return await store.WriteAsync(change, takesSpace, cancellationToken);
        }
        catch (StoreFault fault) when (fault.IsFull)
        {
            return noRoom;
        }
    }
}
