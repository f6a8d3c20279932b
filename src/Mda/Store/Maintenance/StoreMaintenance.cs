using MailSuite.Mda.Accounts;
using MailSuite.Mda.Search;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Maintenance;

/// <summary>Checks, repairs and derives anew: <c>mailsuite store</c>.</summary>
internal sealed class StoreMaintenance(MailStore store, AccountDirectory accounts, MdaOptions options, TimeProvider clock) : IStoreMaintenance
{
    private const int MaxBatch = 50;

    public Task<StoreVerification> VerifyAsync(bool repair, CancellationToken cancellationToken) => TryAsync<StoreVerification>(
        async () =>
        {
            if (!repair)
                return await store.ReadAsync(store.Bodies, static (connection, bodies) => StoreChecking.Check(connection, bodies), cancellationToken);

            // Who holds it has mailboxes open in memory, and would go on from what is not so any more.
            await store.OpenAsync();
            using var held = TryLock();
            if (held is null)
                return new StoreVerification.Refused("A MailSuite has this store open. Stop it first: it would not learn of what is repaired.", IsTemporary: true);
            var now = clock.GetUtcNow();
            return await store.WriteAsync(turn => StoreChecking.Repair(turn, store.Bodies, now), takesSpace: true, cancellationToken);
        },
        static (reason, isTemporary) => new StoreVerification.Refused(reason, isTemporary));

    public Task<StoreRebuilding> RebuildAsync(EnvelopeAddress? account, IProgress<RebuildProgress> progress, CancellationToken cancellationToken) => TryAsync<StoreRebuilding>(
        async () =>
        {
            long? owner = null;
            if (account is not null)
            {
                owner = (await accounts.FindAsync(account, cancellationToken))?.Account.Id.Value;
                if (owner is null)
                    return new StoreRebuilding.Refused($"There is no account {account}.", IsTemporary: false);
            }

            var all = await store.ReadAsync(owner, DerivedStatements.CountBodies, cancellationToken);
            var (done, unreadable, after) = (0L, 0L, 0L);
            while (true)
            {
                var bodies = await store.ReadAsync((after, owner, MaxBatch), DerivedStatements.NextBodies, cancellationToken);
                if (bodies.Count == 0)
                    return new StoreRebuilding.Done(done, unreadable);
                (done, unreadable) = await RebuildAsync(bodies, done, unreadable, cancellationToken);
                after = bodies[^1].Id;
                progress.Report(new RebuildProgress(done + unreadable, Math.Max(all, done + unreadable)));
            }
        },
        static (reason, isTemporary) => new StoreRebuilding.Refused(reason, isTemporary));

    private async Task<(long Done, long Unreadable)> RebuildAsync(IReadOnlyList<BodyToRead> bodies, long done, long unreadable, CancellationToken cancellationToken)
    {
        var facts = new DerivedFacts?[bodies.Count];
        for (var i = 0; i < facts.Length; i++)
            facts[i] = await BodyDerivation.TryDeriveAsync(store, bodies[i], cancellationToken);
        await store.WriteAsync(
            turn =>
            {
                for (var i = 0; i < facts.Length; i++)
                {
                    if (facts[i] is { } derived)
                        DerivedStatements.Replace(turn, bodies[i].Id, derived);
                }

                return true;
            },
            takesSpace: true,
            cancellationToken);
        var read = facts.Count(static one => one is not null);
        return (done + read, unreadable + facts.Length - read);
    }

    private FileStream? TryLock()
    {
        try
        {
            return new FileStream(Path.Combine(options.DataDirectory, StoreUpkeep.LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static async Task<TOutcome> TryAsync<TOutcome>(Func<Task<TOutcome>> work, Func<string, bool, TOutcome> refused)
    {
        try
        {
            return await work();
        }
        catch (StoreFault fault)
        {
            return refused(fault.IsDamage ? $"The database is damaged ({fault.Message}). Go back to a copy, or save what can be read: sqlite3 mda.db .recover" : fault.Reason, !fault.IsDamage);
        }
        catch (StoreSchemaException exception)
        {
            return refused(exception.Message, false);
        }
    }
}
