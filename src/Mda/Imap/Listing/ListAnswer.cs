using MailSuite.Mda.Mailboxes;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap.Listing;

/// <summary>Chooses and writes the responses of one LIST from what was read.</summary>
internal sealed class ListAnswer(ListRequest request, NamespaceTree tree, bool isRev2)
{
    /// <summary>Annotations of all mailboxes, when the request returns some.</summary>
    public ILookup<MailboxId, Annotation>? Annotations { get; init; }

    /// <summary>Octets with \Deleted, when STATUS asks for them.</summary>
    public IReadOnlyDictionary<MailboxId, long>? DeletedOctets { get; set; }

    /// <summary>The mailboxes that will be told.</summary>
    public IEnumerable<ListedName> Chosen => Choose().Select(chosen => chosen.Name);

    public async ValueTask WriteAsync(ImapSession session, ImapOptions options, CancellationToken cancellationToken)
    {
        foreach (var (name, childInfo) in Choose())
        {
            WriteName(session.Writer, name, childInfo);
            if (name.Mailbox is { } mailbox)
                WriteReturned(session.Writer, mailbox, options);
            await session.Writer.FlushBySizeAsync(cancellationToken);
        }
    }

    private IEnumerable<(ListedName Name, bool ChildInfo)> Choose()
    {
        var above = request.RecursiveMatch ? tree.Above(Selects, Matches) : null;
        foreach (var name in tree.Names)
        {
            if (!Matches(name))
                continue;
            var unmatchedBelow = false;
            var isAbove = above is not null && above.TryGetValue(name, out unmatchedBelow);
            if (Selects(name))
                yield return (name, isAbove);
            else if (unmatchedBelow)
                // RFC 5258 §3.5: it says that something below it is selected, unless that is told by itself.
                yield return (name, true);
        }
    }

    private bool Selects(ListedName name)
    {
        if (request.SelectSpecialUse && name.SpecialUse is null)
            return false;
        return request.SelectSubscribed ? name.IsSubscribed : name.Mailbox is not null || name.HasChildren;
    }

    private bool Matches(ListedName name)
    {
        foreach (var pattern in request.Patterns)
        {
            if (pattern.Matches(name.Name))
                return true;
        }

        return false;
    }

    private void WriteName(ImapWriter writer, ListedName name, bool childInfo)
    {
        writer.Raw("* LIST ("u8).Raw(name.HasChildren ? "\\HasChildren"u8 : "\\HasNoChildren"u8);
        if (name.Mailbox is null)
        {
            // RFC 5258 §3.4: a client of before knows only the older word.
            writer.Raw(request.IsExtended || isRev2 ? " \\NonExistent"u8 : " \\Noselect"u8);
        }
        else if (!name.Mailbox.Handle.Rights.HasFlag(MailboxRights.Read))
        {
            writer.Raw(" \\Noselect"u8);
        }

        if (request.ReturnSubscribed && name.IsSubscribed)
            writer.Raw(" \\Subscribed"u8);
        if (name.SpecialUse is { } use)
            writer.Space().Raw(use);
        writer.Raw(") \"/\" "u8).Mailbox(name.Name);
        if (childInfo)
            writer.Raw(request.SelectSubscribed ? " (\"CHILDINFO\" (\"SUBSCRIBED\"))"u8 : " (\"CHILDINFO\" (\"SPECIAL-USE\"))"u8);
        writer.Crlf();
    }

    private void WriteReturned(ImapWriter writer, ListedMailbox mailbox, ImapOptions options)
    {
        var handle = mailbox.Handle;
        if (request.ReturnMyRights)
            writer.Raw("* MYRIGHTS "u8).Mailbox(handle.Name).Space().Raw(RightsLetters.FormatForWire(handle.Rights)).Crlf();
        if (request.ReturnStatus is { } items && handle.Rights.HasFlag(MailboxRights.Read))
            items.Write(writer, mailbox, DeletedOctets?.GetValueOrDefault(handle.Id) ?? 0, options);
        if (request.ReturnMetadata.Count > 0 && handle.Rights.HasFlag(MailboxRights.Read))
            MetadataGrammar.Write(writer, handle.Name, [.. request.ReturnMetadata.Select(entry => (entry.Name, Annotations?[handle.Id].FirstOrDefault(found => found.Entry == entry.Name)?.Value))]);
    }
}
