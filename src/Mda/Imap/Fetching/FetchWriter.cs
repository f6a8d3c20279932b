using System.Text;
using MailSuite.Mda.Imap.Grammar;
using MailSuite.Mda.Imap.Selected;
using MailSuite.Mda.Mime;

namespace MailSuite.Mda.Imap.Fetching;

/// <summary>Writes what FETCH tells of a message whose octets are in memory (RFC 9051 §7.5.2). Never waits.</summary>
internal sealed class FetchWriter(ImapSession session, SelectedMailbox mailbox, FetchPlan plan)
{
    private readonly OctetBuffer _scratch = new();
    private readonly OctetBuffer _pieces = new();

    /// <summary>A body was asked for decoded that nobody can decode: the command ends with NO [UNKNOWN-CTE] (RFC 9051 §6.4.5).</summary>
    internal bool MetUnknownEncoding { get; set; }

    private ImapWriter Wire => session.Writer;

    /// <summary>The whole response.</summary>
    internal void Write(in FetchSource source)
    {
        if (!HasAnything(source))
            return;

        Begin(source);
        var first = true;
        foreach (var item in plan.Items)
        {
            if (!CanTell(item, source.Index))
                continue;
            WriteLabel(item, ref first);
            WriteValue(item, source);
        }

        End(source, first);
    }

    /// <summary>Whether there is a response at all; its list is not empty (RFC 9051 §9, msg-att).</summary>
    internal bool HasAnything(in FetchSource source)
    {
        if (source.TellsFlags)
            return true;
        foreach (var item in plan.Items)
        {
            if (CanTell(item, source.Index))
                return true;
        }

        return false;
    }

    internal void WriteLabel(FetchItem item, ref bool isFirst)
    {
        if (!isFirst)
            Wire.Space();
        isFirst = false;
        Wire.Raw(item.Label.Span).Space();
    }

    internal void Begin(in FetchSource source)
    {
        if (mailbox.Learn(source.Message.Entry.Keywords))
            NewsWriter.WriteFlagsOf(Wire, mailbox);
        NewsWriter.WriteStart(session, source.Message);
    }

    /// <param name="isFirst">Whether nothing was written yet.</param>
    internal void End(in FetchSource source, bool isFirst)
    {
        var entry = source.Message.Entry;
        if (source.TellsFlags && !plan.TellsFlags)
        {
            if (!isFirst)
                Wire.Space();
            Wire.Raw("FLAGS "u8).Flags(entry.Flags, mailbox.Sets[entry.Keywords].Text);
        }

        if (source.TellsFlags && !plan.TellsModSeq && session.Enabled.HasFlag(ImapExtensions.CondStore))
            Wire.Raw(" MODSEQ ("u8).Number(entry.ModSeq).Close();
        Wire.Close().Crlf();
    }

    /// <summary>Whether an item can be told; one of an encoding that nobody knows is left out of the response.</summary>
    internal bool CanTell(FetchItem item, MessageIndex? index)
    {
        if (item.Kind is not (FetchKind.Binary or FetchKind.BinarySize) || item.Section.Part.IsEmpty)
            return true;

        var part = index!.FindPart(item.Section.Part.Span);
        if (part < 0 || ContentDecoder.Knows(index.Parts[part].Encoding))
            return true;
        MetUnknownEncoding = true;
        return false;
    }

    internal void WriteValue(FetchItem item, in FetchSource source)
    {
        var entry = source.Message.Entry;
        switch (item.Kind)
        {
            case FetchKind.Uid:
                Wire.Number(entry.Uid);
                break;
            case FetchKind.Flags:
                Wire.Flags(entry.Flags, mailbox.Sets[entry.Keywords].Text);
                break;
            case FetchKind.InternalDate:
                WireDate.Write(Wire, entry.InternalDate);
                break;
            case FetchKind.Size:
                Wire.Number(entry.Octets);
                break;
            case FetchKind.ModSeq:
                Wire.Open().Number(entry.ModSeq).Close();
                break;
            case FetchKind.EmailId:
                Wire.Raw("(M"u8).Number(entry.Body).Close();
                break;
            case FetchKind.ThreadId when source.Kept.ThreadId != 0:
                Wire.Raw("(T"u8).Number(source.Kept.ThreadId).Close();
                break;
            case FetchKind.SaveDate:
                WireDate.Write(Wire, source.Kept.SaveDate);
                break;
            case FetchKind.Envelope:
                Wire.Raw(source.Envelope);
                break;
            case FetchKind.BodyStructure:
                Wire.Raw(source.Structure);
                break;
            case FetchKind.Body:
                _scratch.Truncate(0);
                BodyStructure.WriteBody(source.Structure, _scratch);
                Wire.Raw(_scratch.Written);
                break;
            case FetchKind.Preview when source.Preview is { } preview:
                Wire.String(Encoding.UTF8.GetBytes(preview));
                break;
            case FetchKind.Section:
                WriteSection(item, source);
                break;
            case FetchKind.Binary or FetchKind.BinarySize:
                WriteDecoded(item, source);
                break;
            default:
                Wire.Nil();
                break;
        }
    }

    /// <summary>The octets of a section; never more than there are, since what is announced must be written.</summary>
    internal static OctetRange? RangeOf(FetchItem item, MessageIndex? index, long octets)
    {
        if (item.Section.Part.IsEmpty && item.Section.Text == SectionText.Whole)
            return new OctetRange(0, octets);
        if (index!.Find(item.Section.Part.Span, item.Section.Text) is not { } range)
            return null;
        var start = Math.Min(range.Start, octets);
        return new OctetRange(start, Math.Min(range.Length, octets - start));
    }

    /// <summary>The part of a section that is asked for; nothing where it begins behind its end (RFC 9051 §6.4.5.1).</summary>
    internal static OctetRange Cut(PartialRange? partial, OctetRange range)
    {
        if (partial is not { } asked)
            return range;
        var start = Math.Min(asked.Start, range.Length);
        return new OctetRange(range.Start + start, Math.Min(asked.Length, range.Length - start));
    }

    /// <summary>The value of a section that the message does not have.</summary>
    internal static void WriteAbsent(ImapWriter wire, FetchItem item)
    {
        // RFC 9051 §9: a size is a number, so where there is nothing it is 0.
        if (item.Kind == FetchKind.BinarySize)
            wire.Number(0);
        else
            wire.Nil();
    }

    /// <summary>A header, or some of its fields.</summary>
    internal void WriteHeader(FetchItem item, ReadOnlySpan<byte> header)
    {
        if (item.Section.Fields.Count > 0)
        {
            _scratch.Truncate(0);
            HeaderSelection.Write(header, item.Section.Fields, item.Section.IsAllBut, _scratch);
            header = _scratch.Written;
        }

        var range = Cut(item.Partial, new OctetRange(0, header.Length));
        Wire.Literal(header.Slice((int)range.Start, (int)range.Length));
    }

    private void WriteSection(FetchItem item, in FetchSource source)
    {
        if (item.Section.IsOfHeader && !source.Head.IsEmpty)
        {
            WriteHeader(item, source.Head);
            return;
        }

        if (RangeOf(item, source.Index, source.Octets.Length) is not { } range)
        {
            WriteAbsent(Wire, item);
            return;
        }

        if (item.Section.Text == SectionText.Header)
        {
            WriteHeader(item, source.Octets.Read(range, _pieces));
            return;
        }

        range = Cut(item.Partial, range);
        Wire.LiteralHeader(range.Length);
        source.Octets.Write(Wire, range);
    }

    private void WriteDecoded(FetchItem item, in FetchSource source)
    {
        if (RangeOf(item, source.Index, source.Octets.Length) is not { } range)
        {
            WriteAbsent(Wire, item);
            return;
        }

        var decoded = source.Octets.Read(range, _pieces);
        if (!item.Section.Part.IsEmpty)
        {
            var part = source.Index!.Parts[source.Index.FindPart(item.Section.Part.Span)];
            _scratch.Truncate(0);
            var decoder = new ContentDecoder(part.Encoding);
            _scratch.Advance(decoder.Decode(decoded, _scratch.GetSpan(Math.Max(decoded.Length, 1)), last: true, out _));
            decoded = _scratch.Written;
        }

        if (item.Kind == FetchKind.BinarySize)
        {
            Wire.Number(decoded.Length);
            return;
        }

        var cut = Cut(item.Partial, new OctetRange(0, decoded.Length));
        decoded = decoded.Slice((int)cut.Start, (int)cut.Length);

        // NUL is what literals cannot hold (RFC 9051 §4.3.1).
        if (decoded.Contains((byte)0))
            Wire.Literal8(decoded);
        else
            Wire.Literal(decoded);
    }
}
