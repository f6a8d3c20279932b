using System.Text;
using MimeKit;

namespace MailSuite.Mua.Reading;

/// <summary>Decides which parts of a MIME tree are the body and which are attachments (RFC 2046 §5.1, RFC 2183, RFC 2387).</summary>
internal sealed class MessageBody
{
    private readonly List<MessagePartView> _leaves = [];
    private readonly List<Segment> _segments = [];
    private readonly HashSet<MimeEntity> _shown = new(ReferenceEqualityComparer.Instance);

    /// <summary>A stretch of the body, in one of two forms or in both.</summary>
    private readonly record struct Segment(TextPart? Plain, TextPart? Html);

    internal bool HasHtml => _segments.Exists(s => s.Html is not null) && HtmlOctets() <= ReadingLimits.MaxHtmlOctets;

    internal IReadOnlyList<MessagePartView> Attachments => [.. _leaves.Where(l => !_shown.Contains(l.Entity))];

    internal static MessageBody Of(MimeEntity? root)
    {
        var body = new MessageBody();
        if (root is not null)
        {
            body.Number(root);
            body.Collect(root, body._segments);
            body.HidePicturesOfTheText();
        }

        return body;
    }

    internal MessagePartView? FindPart(int number) => number >= 1 && number <= _leaves.Count ? _leaves[number - 1] : null;

    internal IReadOnlyDictionary<string, int> PictureNumbers()
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var leaf in _leaves)
        {
            if (leaf is { IsPicture: true, Entity.ContentId: { } id })
                numbers.TryAdd(id, leaf.Number);
        }

        return numbers;
    }

    internal string ReadText(out bool isCut)
    {
        isCut = false;
        var text = new StringBuilder();
        foreach (var (plain, html) in _segments)
        {
            if (text.Length > 0)
                text.Append('\n');
            var part = (plain ?? html)!;
            var decoded = PartText.Read(part, ReadingLimits.MaxTextOctets, out var partIsCut);
            isCut |= partIsCut;
            text.Append(plain is not null ? decoded : HtmlText.Convert(decoded));
            if (text.Length > ReadingLimits.MaxTextOctets)
            {
                isCut = true;
                text.Length = ReadingLimits.MaxTextOctets;
                break;
            }
        }

        return text.ToString();
    }

    internal string? ReadHtml()
    {
        if (!HasHtml)
            return null;

        var text = new StringBuilder();
        foreach (var (plain, html) in _segments)
        {
            if (html is not null)
                text.Append(PartText.Read(html, ReadingLimits.MaxHtmlOctets, out _));
            else
                text.Append("<pre style=\"white-space:pre-wrap\">").Append(System.Net.WebUtility.HtmlEncode(PartText.Read(plain!, ReadingLimits.MaxTextOctets, out _))).Append("</pre>");
        }

        return text.ToString();
    }

    private long HtmlOctets() => _segments.Sum(s => s.Html?.Content?.Stream is { CanSeek: true } stream ? stream.Length : 0);

    private void Number(MimeEntity entity)
    {
        if (entity is Multipart multipart)
        {
            foreach (var child in multipart)
                Number(child);
        }
        else if (_leaves.Count < ReadingLimits.MaxParts)
        {
            _leaves.Add(new MessagePartView(_leaves.Count + 1, entity));
        }
    }

    private void Collect(MimeEntity entity, List<Segment> segments)
    {
        switch (entity)
        {
            case MultipartAlternative alternative:
                CollectAlternative(alternative, segments);
                break;
            case MultipartRelated related when related.Root is { } root:
                Collect(root, segments);
                break;
            case Multipart multipart:
                foreach (var child in multipart)
                    Collect(child, segments);
                break;
            case TextPart { IsAttachment: false, Content: not null } text when text.IsPlain || text.IsHtml:
                _shown.Add(text);
                segments.Add(text.IsHtml ? new Segment(null, text) : new Segment(text, null));
                break;
        }
    }

    /// <summary>The forms stand for one another; the last of each sort is the best (RFC 2046 §5.1.4).</summary>
    private void CollectAlternative(MultipartAlternative alternative, List<Segment> segments)
    {
        TextPart? plain = null, html = null;
        foreach (var child in alternative)
        {
            var inner = new List<Segment>();
            Collect(child, inner);
            foreach (var segment in inner)
            {
                plain = segment.Plain ?? plain;
                html = segment.Html ?? html;
            }
        }

        if (plain is not null || html is not null)
            segments.Add(new Segment(plain, html));
    }

    /// <summary>A picture that the HTML draws by its Content-ID is no attachment, as long as the HTML is shown.</summary>
    private void HidePicturesOfTheText()
    {
        if (!HasHtml)
            return;

        foreach (var leaf in _leaves)
        {
            if (leaf is { IsPicture: true, Entity: { ContentId: not null, IsAttachment: false } })
                _shown.Add(leaf.Entity);
        }
    }
}
