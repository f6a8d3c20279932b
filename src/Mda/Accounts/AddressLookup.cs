using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Status;

namespace MailSuite.Mda.Accounts;

/// <summary>Answers questions about names and lists, from the same tables by which mail is delivered.</summary>
internal sealed class AddressLookup(MailStore store, RecipientDirectory directory, AccountDirectory accounts, AliasTable aliases, LocalDomains domains) : IAddressLookup
{
    /// <summary>Members of a list that are told.</summary>
    internal const int MaxMembers = 100;

    /// <summary>Candidates of an ambiguous name that are told.</summary>
    internal const int MaxCandidates = 20;

    public async ValueTask<IReadOnlyList<AccountId>> AccountsOfAsync(EnvelopeAddress address, CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await directory.ResolveAsync(address, add: false, cancellationToken)).Accounts.Select(entry => entry.Account.Id)];
        }
        catch (StoreFault)
        {
            return [];
        }
    }

    public ValueTask<LookupAnswer> LookUpAsync(EnvelopeAddress address, CancellationToken cancellationToken) => AnswerAsync(() => FindAsync(address, cancellationToken));

    public ValueTask<LookupAnswer> LookUpAsync(string name, CancellationToken cancellationToken) => AnswerAsync(() => FindAsync(name, cancellationToken));

    private static async ValueTask<LookupAnswer> AnswerAsync(Func<Task<LookupAnswer>> find)
    {
        try
        {
            return await find();
        }
        catch (StoreFault fault)
        {
            return new LookupAnswer.Unavailable(fault.Status, fault.Reason);
        }
    }

    private async Task<LookupAnswer> FindAsync(EnvelopeAddress asked, CancellationToken cancellationToken)
    {
        var address = domains.Keep(asked);
        if (aliases.FindMoved(address) is { } newAddress)
            return new LookupAnswer.Moved(address, newAddress);
        if (!domains.Contains(address.Domain))
            return new LookupAnswer.NotLocal();

        if (aliases.Find(AddressKey.Of(address)) is { } targets)
            return targets is [var only] && !domains.Contains(only.Domain) ? new LookupAnswer.Forwarded(address, only) : await ExpandAsync(address, cancellationToken);

        var resolution = await directory.ResolveAsync(address, add: false, cancellationToken);
        return resolution switch
        {
            { Kind: ResolutionKind.NoSuchMailbox } => new LookupAnswer.Unknown(),
            { Kind: ResolutionKind.DeadAlias } => new LookupAnswer.Unavailable(StatusCodes.SystemTemporary, "This alias leads to no mailbox at the moment."),
            { Via: null, Accounts: [var own] } => new LookupAnswer.Mailbox(new LookupEntry(own.Account.Address, own.Account.DisplayName)),
            // A detail, the postmaster, a catch-all: it is a mailbox, and whose need not be told.
            _ => new LookupAnswer.Mailbox(new LookupEntry(address, null)),
        };
    }

    private async Task<LookupAnswer> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (string.Equals(name, "postmaster", StringComparison.OrdinalIgnoreCase))
            return await FindAsync(directory.Postmaster, cancellationToken);

        var found = await store.ReadAsync((name, MaxCandidates + 1), AccountStatements.FindByName, cancellationToken);
        var candidates = found.Select(account => new LookupEntry(account.Address, account.DisplayName))
            .Concat(aliases.Addresses.Where(alias => string.Equals(alias.LocalPart, name, StringComparison.OrdinalIgnoreCase)).Select(alias => new LookupEntry(alias, null)))
            .DistinctBy(entry => AddressKey.Of(entry.Address)).Take(MaxCandidates).ToList();
        return candidates switch
        {
            [] => new LookupAnswer.Unknown(),
            [var one] => await FindAsync(one.Address, cancellationToken),
            _ => new LookupAnswer.Ambiguous(candidates),
        };
    }

    private async Task<LookupAnswer> ExpandAsync(EnvelopeAddress alias, CancellationToken cancellationToken)
    {
        var members = new List<LookupEntry>();
        var visited = new HashSet<string>(StringComparer.Ordinal);
        var isWhole = await AddAsync(alias, depth: 0);
        return new LookupAnswer.List(alias, members, isWhole);

        async Task<bool> AddAsync(EnvelopeAddress target, int depth)
        {
            var address = domains.Keep(target);
            var key = AddressKey.Of(address);
            var isFirst = visited.Add(key);
            if (isFirst && depth < MdaOptions.MaxAliasChain && aliases.Find(key) is { } targets)
            {
                foreach (var next in targets)
                {
                    if (!await AddAsync(next, depth + 1))
                        return false;
                }

                return true;
            }

            // An alias that names itself means the account beside it.
            if (!isFirst && members.Exists(member => AddressKey.Of(member.Address) == key))
                return true;
            if (members.Count == MaxMembers)
                return false;
            var account = domains.Contains(address.Domain) ? await accounts.FindAsync(key, cancellationToken) : null;
            // A target that is no mailbox gets nothing, and is no member.
            if (account is null && domains.Contains(address.Domain) && (!isFirst || (await directory.ResolveAsync(address, add: false, cancellationToken)).Kind != ResolutionKind.Found))
                return true;
            members.Add(new LookupEntry(account?.Account.Address ?? address, account?.Account.DisplayName));
            return true;
        }
    }
}
