using System.Buffers;
using MailSuite.Mda.Imap.Grammar;
using MailSuite.Mda.Mailboxes;
using MailSuite.Mda.Mime;
using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap.Incoming;

/// <summary>Takes what URLs name out of messages of this server, for CATENATE.</summary>
internal sealed class UrlContents(MailStore store, MailboxNames names, MdaOptions options)
{
    private const int BlockOctets = 64 * 1024;

    /// <summary>Puts the octets that a URL names behind what has come of a message.</summary>
    /// <param name="maxOctets">Octets at most that it may name.</param>
    /// <returns>Whether there is such a message and section, for this person; <see langword="null"/> when it is too long.</returns>
    internal async ValueTask<bool?> TryAppendAsync(ImapSession session, string text, IncomingMessage message, long maxOctets, CancellationToken cancellationToken)
    {
        if (!MessageUrl.TryParse(text, out var url) || !IsOurs(session, url) || await FindAsync(session, url, cancellationToken) is not { } mailbox
            || (url.UidValidity != 0 && url.UidValidity != mailbox.UidValidity.Value))
        {
            return false;
        }

        var opened = await store.ReadAsync((mailbox.Owner, mailbox.Id, new Uid(url.Uid), store.Bodies), MessageReading.Open, cancellationToken);
        if (opened is null)
            return false;

        var content = opened.Message.Content;
        var range = new OctetRange(0, content.Octets);
        if (url.Path.Count > 0 || url.Text != SectionText.Whole)
        {
            if ((await MessageIndex.ReadAsync(content, cancellationToken)).Find([.. url.Path], url.Text) is not { } section)
                return false;
            range = section;
        }

        var skip = Math.Min(url.Offset, range.Length);
        var length = Math.Min(url.Length ?? long.MaxValue, range.Length - skip);
        if (length > maxOctets)
            return null;
        await using var stream = content.OpenRead();
        await CopyAsync(stream, range.Start + skip, length, message, cancellationToken);
        return true;
    }

    private static async ValueTask CopyAsync(Stream stream, long offset, long length, IncomingMessage message, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BlockOctets);
        try
        {
            if (stream.CanSeek)
            {
                stream.Seek(offset, SeekOrigin.Begin);
                offset = 0;
            }

            while (length > 0 && await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, offset + length)), cancellationToken) is > 0 and var read)
            {
                var skipped = (int)Math.Min(offset, read);
                offset -= skipped;
                await message.AppendAsync(buffer.AsMemory(skipped, read - skipped));
                length -= read - skipped;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>An absolute URL must name this host, and nobody but the one who asks (RFC 5092 §3).</summary>
    private bool IsOurs(ImapSession session, MessageUrl url)
    {
        if (url.Authority is not { } authority)
            return true;
        var at = authority.LastIndexOf('@');
        var user = at < 0 ? string.Empty : Uri.UnescapeDataString(authority[..at].Split(';')[0]);
        var host = authority[(at + 1)..].Split(':')[0];
        return host.Equals(options.HostName, StringComparison.OrdinalIgnoreCase)
            && (user.Length == 0 || user.Equals(session.Account?.Address.ToString(), StringComparison.OrdinalIgnoreCase));
    }

    private async ValueTask<MailboxHandle?> FindAsync(ImapSession session, MessageUrl url, CancellationToken cancellationToken)
    {
        var mailbox = url.Mailbox is { } name ? await names.ResolveAsync(session.AccountId, name, cancellationToken) : (session.Selected as SelectedMailbox)?.Handle;
        return mailbox?.Judge(MailboxRights.Read) is null ? mailbox : null;
    }
}
