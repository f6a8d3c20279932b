using System.Collections.Immutable;
using MailSuite.Mda.Imap.Grammar;
using MailSuite.Mda.Mailboxes;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap.Searching;

/// <summary>The mailboxes that ESEARCH looks through (RFC 7377 §2.2).</summary>
internal static class SearchSources
{
    /// <summary>Reads <c>IN (…)</c> with the space after it, if it is there.</summary>
    /// <returns><see langword="false"/> when it is there and wrong.</returns>
    internal static bool TryRead(ref ImapParser parser, bool utf8, out ImmutableArray<MailboxFilter> sources)
    {
        sources = [new MailboxFilter(MailboxFilterKind.Selected, [])];
        if (!parser.TryWord("IN"u8))
            return true;
        if (!parser.TrySpace() || !parser.TryOpen())
            return false;

        var list = ImmutableArray.CreateBuilder<MailboxFilter>(1);
        do
        {
            // RFC 7377 §2.2: "selected-delayed" has no meaning here.
            if (!MailboxFilter.TryRead(ref parser, utf8, out var filter) || filter.Kind == MailboxFilterKind.SelectedDelayed)
                return false;
            list.Add(filter);
        }
        while (parser.TrySpace());

        sources = list.DrainToImmutable();
        return parser.TryClose() && parser.TrySpace();
    }

    /// <summary>Those that the person may read, each once, in the order of LIST. What does not exist is passed over.</summary>
    internal static async ValueTask<IReadOnlyList<MailboxHandle>> ResolveAsync(
        MailboxNames names, AccountId who, MailboxId? selected, ImmutableArray<MailboxFilter> sources, CancellationToken cancellationToken)
    {
        var listing = await names.ListAsync(who, cancellationToken);
        return
        [
            .. listing.Mailboxes.Select(listed => listed.Handle)
                .Where(handle => handle.Rights.HasFlag(MailboxRights.Read) && sources.Any(source => Matches(source, handle, who, selected, listing.Subscribed))),
        ];
    }

    private static bool Matches(MailboxFilter source, MailboxHandle handle, AccountId who, MailboxId? selected, IReadOnlySet<string> subscribed) => source.Kind switch
    {
        MailboxFilterKind.Selected => handle.Id == selected,
        MailboxFilterKind.Inboxes => handle.Use == SpecialUse.Inbox && handle.Owner == who,
        MailboxFilterKind.Personal => handle.Owner == who,
        MailboxFilterKind.Subscribed => subscribed.Contains(handle.Name),
        MailboxFilterKind.Mailboxes => source.Names.Contains(handle.Name, StringComparer.Ordinal),
        MailboxFilterKind.Subtree => source.Names.Any(name => handle.Name == name || handle.Name.StartsWith(name + "/", StringComparison.Ordinal)),
        _ => source.Names.Any(name => handle.Name == name
            || handle.Name.StartsWith(name + "/", StringComparison.Ordinal) && handle.Name.IndexOf('/', name.Length + 1) < 0),
    };
}
