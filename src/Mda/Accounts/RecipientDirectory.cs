using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Status;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mda.Accounts;

/// <summary>Resolves recipients to accounts: aliases, details, the postmaster, catch-alls (the order is in Accounts/README.md).</summary>
internal sealed partial class RecipientDirectory : IRecipientDirectory
{
    private const string PostmasterName = "postmaster";

    /// <summary>Separators in a local-part at which a detail may begin; those behind them are part of it.</summary>
    private const int MaxSplits = 4;

    private readonly MailStore _store;
    private readonly AccountDirectory _accounts;
    private readonly LocalDomains _domains;
    private readonly AliasTable _aliases;
    private readonly QuotaJudgement _quotas;
    private readonly MdaOptions _options;
    private readonly ILogger<RecipientDirectory> _logger;

    public RecipientDirectory(MailStore store, AccountDirectory accounts, LocalDomains domains, AliasTable aliases, QuotaJudgement quotas, MdaOptions options, ILogger<RecipientDirectory> logger)
    {
        _store = store;
        _accounts = accounts;
        _domains = domains;
        _options = options;
        _logger = logger;
        _aliases = aliases;
        _quotas = quotas;
        Postmaster = EnvelopeAddress.TryCreate(PostmasterName, domains.First, out var address) ? address : EnvelopeAddress.Parse("postmaster@localhost");
    }

    public EnvelopeAddress Postmaster { get; }

    public async ValueTask<RecipientVerdict> JudgeAsync(EnvelopeAddress recipient, CancellationToken cancellationToken)
    {
        recipient = _domains.Keep(recipient);
        if (_aliases.FindMoved(recipient) is { } newAddress)
            return new RecipientVerdict.Moved(newAddress);

        try
        {
            var resolution = await ResolveAsync(recipient, add: false, cancellationToken);
            return resolution.Kind switch
            {
                // Whether a mailbox beside it has room is no reason to keep the mail from the others: its copy waits.
                ResolutionKind.Found when resolution.Elsewhere.Count > 0 => new RecipientVerdict.Forwards(resolution.Elsewhere, resolution.IsHere),
                ResolutionKind.NotLocal => new RecipientVerdict.NotLocal(),
                ResolutionKind.NoSuchMailbox => new RecipientVerdict.NoSuchMailbox(),
                ResolutionKind.DeadAlias => new RecipientVerdict.Unavailable(StatusCodes.SystemTemporary, "This alias leads to no mailbox at the moment."),
                _ => await _quotas.JudgeAsync(resolution.Accounts, cancellationToken) is { } full ? new RecipientVerdict.Unavailable(full, "The mailbox is full.") : new RecipientVerdict.Local(),
            };
        }
        catch (StoreFault fault)
        {
            return new RecipientVerdict.Unavailable(fault.Status, fault.Reason);
        }
    }

    /// <param name="add">Whether accounts that are to come with their first mail are made now; else they are taken as found.</param>
    /// <exception cref="StoreFault">It cannot be found out now.</exception>
    internal async ValueTask<Resolution> ResolveAsync(EnvelopeAddress recipient, bool add, CancellationToken cancellationToken)
    {
        if (!_domains.Contains(recipient.Domain))
            return new Resolution(recipient, ResolutionKind.NotLocal, [], null);

        var search = new Search(this, add, cancellationToken);
        var kept = _domains.Keep(recipient);
        var found = await search.VisitAsync(kept, depth: 0);
        var isHere = search.Accounts.Count > 0 || search.WillAdd;
        if (!isHere && !found)
            return new Resolution(recipient, ResolutionKind.NoSuchMailbox, [], null);

        if (!isHere && search.Elsewhere.Count == 0)
        {
            LogDeadAlias(_logger, recipient);
            return new Resolution(recipient, ResolutionKind.DeadAlias, [], null);
        }

        return new Resolution(recipient, ResolutionKind.Found, search.Accounts, search.Via ?? (ReferenceEquals(kept, recipient) ? null : $"{recipient.Domain} is another name of {kept.Domain}")) { Elsewhere = search.Elsewhere, IsHere = isHere };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The alias {Recipient} leads to no mailbox; its mail is deferred.")]
    private static partial void LogDeadAlias(ILogger logger, EnvelopeAddress recipient);

    /// <summary>One walk through the aliases.</summary>
    private sealed class Search(RecipientDirectory directory, bool add, CancellationToken cancellationToken)
    {
        private readonly HashSet<string> _visited = new(StringComparer.Ordinal);
        private readonly HashSet<AccountId> _ids = [];
        private readonly HashSet<EnvelopeAddress> _elsewhere = [];

        internal List<AccountEntry> Accounts { get; } = [];

        internal List<EnvelopeAddress> Elsewhere { get; } = [];

        /// <summary>Whether an account will be made when the mail comes.</summary>
        internal bool WillAdd { get; private set; }

        internal string? Via { get; private set; }

        /// <returns>Whether the address is something here.</returns>
        internal async ValueTask<bool> VisitAsync(EnvelopeAddress address, int depth)
        {
            var key = AddressKey.Of(address);
            // An alias that names itself means the account beside it: team → team, ann.
            var first = _visited.Add(key);
            if (await VisitExactAsync(address, key, first, depth))
                return true;

            var isAlias = directory._aliases.Find(key) is not null;
            foreach (var (plain, detail) in Splits(address))
            {
                var plainKey = AddressKey.Of(plain);
                isAlias |= directory._aliases.Find(plainKey) is not null;
                if (!await VisitExactAsync(plain, plainKey, _visited.Add(plainKey), depth, detail))
                    continue;

                Via ??= $"{plain} without its detail";
                return true;
            }

            if (directory._options.EveryoneIsLocal)
            {
                // The shortest name: who writes to ann+a+b means ann.
                var (plain, detail) = Splits(address).LastOrDefault();
                await AddOnFirstMailAsync(plain ?? address, detail);
                return true;
            }

            // An alias that two ways lead to was followed by the first: it is no unknown name, whose mail others take.
            return isAlias || await VisitPostmasterAsync(address) || await VisitCatchAllAsync(address, depth);
        }

        /// <param name="detail">What was taken off the address; an alias takes it along to nobody.</param>
        private async ValueTask<bool> VisitExactAsync(EnvelopeAddress address, string key, bool first, int depth, string? detail = null)
        {
            if (first && depth < MdaOptions.MaxAliasChain && directory._aliases.Find(key) is { } targets)
            {
                await FollowAsync(address, targets, depth);
                return true;
            }

            if (await directory._accounts.FindAsync(key, cancellationToken) is not { } entry)
                return false;

            Take(depth == 0 ? entry with { Detail = detail } : entry);
            return true;
        }

        private async ValueTask FollowAsync(EnvelopeAddress alias, IReadOnlyList<EnvelopeAddress> targets, int depth)
        {
            Via ??= $"{alias} is an alias for {string.Join(", ", targets)}";
            foreach (var target in targets)
            {
                if (directory._domains.Contains(target.Domain))
                    await VisitAsync(directory._domains.Keep(target), depth + 1);
                else if (Elsewhere.Count < MdaOptions.MaxAliasTargets && _elsewhere.Add(target))
                    Elsewhere.Add(target);
            }
        }

        /// <summary>Mail for the postmaster is taken whether somebody thought of it or not (RFC 5321 §4.5.1).</summary>
        private async ValueTask<bool> VisitPostmasterAsync(EnvelopeAddress address)
        {
            if (!string.Equals(address.LocalPart, PostmasterName, StringComparison.OrdinalIgnoreCase))
                return false;

            if (await directory._store.ReadAsync(0, static (connection, _) => AccountStatements.First(connection), cancellationToken) is { } owner)
            {
                Via ??= $"{owner.Account.Address} gets the postmaster's mail";
                Take(owner);
            }
            else
            {
                await AddOnFirstMailAsync(directory.Postmaster);
            }

            return true;
        }

        private async ValueTask<bool> VisitCatchAllAsync(EnvelopeAddress address, int depth)
        {
            if (depth >= MdaOptions.MaxAliasChain || directory._aliases.FindCatchAll(address.Domain) is not { } targets)
                return false;

            if (_visited.Add(AddressKey.Of("*", address.Domain)))
                await FollowAsync(address, targets, depth);
            return true;
        }

        private async ValueTask AddOnFirstMailAsync(EnvelopeAddress address, string? detail = null)
        {
            WillAdd = true;
            if (add)
                Take(await directory._accounts.FindOrAddAsync(address, cancellationToken) with { Detail = detail });
        }

        private void Take(AccountEntry entry)
        {
            if (Accounts.Count < MdaOptions.MaxAliasTargets && _ids.Add(entry.Account.Id))
                Accounts.Add(entry);
        }

        /// <summary>The ways of taking a detail off the address (RFC 5233), the longest name first: <c>ann-lee+x</c> is ann-lee's where <c>-</c> separates too.</summary>
        private List<(EnvelopeAddress Plain, string Detail)> Splits(EnvelopeAddress address)
        {
            var splits = new List<(EnvelopeAddress, string)>();
            var separators = directory._options.DetailSeparators.AsSpan();
            var local = address.LocalPart;
            for (var at = 1; at < local.Length && splits.Count < MaxSplits; at++)
            {
                if (separators.Contains(local[at]) && EnvelopeAddress.TryCreate(local[..at], address.Domain, out var plain))
                    splits.Insert(0, (plain, local[(at + 1)..]));
            }

            return splits;
        }
    }
}
