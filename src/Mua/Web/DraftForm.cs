using System.Globalization;
using MailSuite.Mua.Compose;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.AspNetCore.Http;

namespace MailSuite.Mua.Web;

/// <summary>The fields of the compose page, to and from a draft.</summary>
internal static class DraftForm
{
    internal static Draft Read(IFormCollection form, TimeProvider clock) => new(
        Guid.TryParseExact(form["draft"], "N", out var id) ? new DeliveryId(id) : DeliveryId.New(clock))
    {
        To = form["to"].ToString(),
        Cc = form["cc"].ToString(),
        Bcc = form["bcc"].ToString(),
        Subject = form["subject"].ToString(),
        Text = form["text"].ToString(),
        InReplyTo = form["in-reply-to"].ToString() is { Length: > 0 } answered ? answered : null,
        References = form["references"].ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries),
        Source = ReadSource(form["source"], form["as"], [.. form["part"].Select(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0)]),
    };

    internal static DraftSource? ReadSource(string? source, string? kind, IReadOnlyList<int> parts)
    {
        if (source?.Split('.') is not [var mailbox, var uid] || !long.TryParse(mailbox, NumberStyles.None, CultureInfo.InvariantCulture, out var box)
            || !uint.TryParse(uid, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return null;

        DraftKind? known = kind switch
        {
            "reply" => DraftKind.Reply,
            "reply-all" => DraftKind.ReplyAll,
            "forward" => DraftKind.Forward,
            "forward-attached" => DraftKind.ForwardAttached,
            _ => null,
        };
        return known is { } k ? new DraftSource(new MailboxId(box), new Uid(number), k, parts) : null;
    }

    internal static string KindName(DraftKind kind) => kind switch
    {
        DraftKind.Reply => "reply",
        DraftKind.ReplyAll => "reply-all",
        DraftKind.Forward => "forward",
        _ => "forward-attached",
    };
}
