using System.Text;
using MailSuite.Mda.Mime;
using MailSuite.Testing.Fuzz;

namespace MailSuite.Mda.Tests.Mime;

/// <summary>Whatever a message is made of: nothing throws, what is written can be read, and parts lie where they can lie. Described in CONTRIBUTING.md.</summary>
public sealed class MimeFuzzTests
{
    private const int MaxSeedOctets = 4000;

    private static readonly string[] Words =
    [
        "\r\n", "\n", "\r", "--b", "--b--", "--", "boundary=b", "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n", "Content-Type: message/rfc822\r\n\r\n", "Content-Type: multipart/digest; boundary=\"b\"\r\n",
        "Content-Transfer-Encoding: base64\r\n", "name*0*=a''%41;", "name*1=\"", ";", "=", "\"", "\\", "(", ")", "<", ">", "@", ",", ":", "\0", "\xff", "From: ", "To: a:b@c;", " ", "\t", "{3}", "=3D", "====", "QUJD",
    ];

    private static readonly string[] Mails = [.. MimeScene.Corpus.Where(mail => mail.Length <= MaxSeedOctets).Select(Encoding.Latin1.GetString)];

    private static readonly string[] Structures = [.. MimeScene.Corpus.Select(mail => Encoding.Latin1.GetString(WireFacts.Of([], mail).Structure)).Where(wire => wire.Length <= MaxSeedOctets)];

    private static readonly string[] Indexes = [.. MimeScene.Corpus.Select(mail => Encoding.Latin1.GetString(WireFacts.Of([], mail).Parts)).Where(parts => parts.Length <= MaxSeedOctets)];

    private static readonly IReadOnlyList<FuzzTarget> All =
    [
        Of("message", Mails, Message),
        Of("message in pieces", Mails, Pieces),
        Of("header fields", Mails, Fields),
        Of("index of parts", Indexes, Index),
        Of("structure", Structures, input => BodyStructure.WriteBody(input.Octets, new OctetBuffer())),
        Of("base64", ["SGVsbG8sIHdvcmxkIQ==", "QQ==QUI=\r\nQUJD"], input => Decoded(input, TransferEncoding.Base64)),
        Of("quoted-printable", ["Gr=C3=BC=\r\na  \r\nb= \t\r\n=3D", "=", "= "], input => Decoded(input, TransferEncoding.QuotedPrintable)),
    ];

    public static TheoryData<string> Targets => [.. All.Select(target => target.Name)];

    [Theory, MemberData(nameof(Targets))]
    public async Task Holds_for_whatever_comes(string target)
    {
        var result = await FuzzCampaign.RunAsync(All, target, TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine(result.ToString());
        Assert.True(result.Findings.Count == 0, $"{result}\n{string.Join("\n\n", result.Findings)}");
    }

    private static FunctionTarget Of(string name, IReadOnlyList<string> from, Action<FuzzInput> check) => new(name, random => new Mutator(random).Text(from, Words), check);

    private static void Message(FuzzInput input)
    {
        var facts = WireFacts.Of([], input.Octets);
        var parts = facts.Index.Parts;
        Must(parts[0].HeaderStart == 0 && parts[0].HeaderOctets + parts[0].BodyOctets == input.Octets.Length, "a message that is not its octets", $"{parts[0]}");
        for (var i = 0; i < parts.Count; i++)
        {
            var part = parts[i];
            Must(part.Parent < i && part.End > i && part.End <= parts.Count, "a part out of order", $"{i}: {part}");
            if (i == 0)
                continue;
            var above = parts[part.Parent];
            Must(part.End <= above.End && above.Kind is PartKind.Multipart or PartKind.Message, "a part in a leaf", $"{part} in {above}");
            Must(part.HeaderOctets >= 0 && part.BodyOctets >= 0 && part.BodyStart + part.BodyOctets <= input.Octets.Length, "a part out of the message", $"{part}");
        }

        Must(MessageIndex.Parse(facts.Parts) is { } read && read.Parts.SequenceEqual(parts), "an index that does not come back", $"{parts.Count} parts");
        Readable(facts.Envelope);
        Readable(facts.Structure);
        var body = new OctetBuffer();
        BodyStructure.WriteBody(facts.Structure, body);
        Readable(body.Written);
    }

    /// <summary>The same message in blocks as a file gives them.</summary>
    private static void Pieces(FuzzInput input)
    {
        var whole = WireFacts.Of([], input.Octets);
        var scanner = new MessageScanner(new MimeScratch());
        scanner.Begin([]);
        var random = new Random(input.Octets.Length);
        var taken = 0;
        for (var end = 0; end < input.Octets.Length;)
        {
            end = Math.Min(input.Octets.Length, end + random.Next(1, 40));
            taken += scanner.Take(input.Octets.AsSpan(taken..end), last: false);
        }

        scanner.Take(input.Octets.AsSpan(taken), last: true);
        var pieces = WireFacts.Finish(scanner);
        Must(pieces.Index.Parts.SequenceEqual(whole.Index.Parts), "other parts in pieces", $"{string.Join("\n", whole.Index.Parts)}\n\n{string.Join("\n", pieces.Index.Parts)}");
        Must(pieces.Envelope.AsSpan().SequenceEqual(whole.Envelope) && pieces.Structure.AsSpan().SequenceEqual(whole.Structure), "other facts in pieces", Encoding.Latin1.GetString(pieces.Structure));
    }

    /// <summary>What is selected and what is not are the header, each octet once.</summary>
    private static void Fields(FuzzInput input)
    {
        var header = input.Octets.AsSpan(0, (int)WireFacts.Of([], input.Octets).Index.Message.HeaderOctets);
        IReadOnlyList<byte[]> names = [[.. "Subject"u8], [.. "content-type"u8]];
        var (some, others, none) = (new OctetBuffer(), new OctetBuffer(), new OctetBuffer());
        HeaderSelection.Write(header, names, not: false, some);
        HeaderSelection.Write(header, names, not: true, others);
        HeaderSelection.Write(header, [], not: false, none);
        Must(some.Length + others.Length == header.Length + none.Length, "fields lost or twice", $"{some.Length} and {others.Length} of {header.Length}");
    }

    private static void Index(FuzzInput input)
    {
        if (MessageIndex.Parse(input.Octets) is not { } index)
            return;
        var again = new OctetBuffer();
        PartsFormat.Write(index.Parts, again);
        Must(MessageIndex.Parse(again.Written) is { } read && read.Parts.SequenceEqual(index.Parts), "an index that does not come back", $"{index.Parts.Count} parts");
        foreach (var path in new uint[][] { [1], [2], [1, 1], [2, 1], [1, 1, 1, 1], [uint.MaxValue] })
            index.Find(path, SectionText.Text);
    }

    private static void Decoded(FuzzInput input, TransferEncoding encoding)
    {
        var whole = new byte[input.Octets.Length];
        var length = new ContentDecoder(encoding).Decode(input.Octets, whole, last: true, out var consumed);
        Must(consumed == input.Octets.Length && length <= whole.Length, "a body that is not decoded to its end", $"{consumed}");

        var decoder = new ContentDecoder(encoding);
        var random = new Random(input.Octets.Length);
        var pieces = new List<byte>();
        var target = new byte[input.Octets.Length];
        var taken = 0;
        for (var end = 0; end < input.Octets.Length;)
        {
            end = Math.Min(input.Octets.Length, end + random.Next(1, 10));
            pieces.AddRange(target.AsSpan(0, decoder.Decode(input.Octets.AsSpan(taken..end), target, last: false, out var some)));
            taken += some;
        }

        pieces.AddRange(target.AsSpan(0, decoder.Decode(input.Octets.AsSpan(taken), target, last: true, out _)));
        Must(pieces.SequenceEqual(whole.Take(length)), "other octets in pieces", $"{Encoding.Latin1.GetString([.. pieces])}\n{Encoding.Latin1.GetString(whole.AsSpan(0, length))}");
    }

    /// <summary>One list with strings, literals and lists in it, closed as it was opened.</summary>
    private static void Readable(ReadOnlySpan<byte> wire)
    {
        var depth = 0;
        for (var at = 0; at < wire.Length; at++)
        {
            switch (wire[at])
            {
                case (byte)'(':
                    depth++;
                    break;
                case (byte)')':
                    depth--;
                    if (depth == 0 && at < wire.Length - 1)
                        throw new FuzzException("a list that ends early", Encoding.Latin1.GetString(wire));
                    break;
                case (byte)'"':
                    for (at++; at < wire.Length && wire[at] != '"'; at++)
                    {
                        if (wire[at] is 0 or (byte)'\r' or (byte)'\n' or > 127)
                            throw new FuzzException("an octet that cannot be quoted", Encoding.Latin1.GetString(wire));
                        at += wire[at] == '\\' ? 1 : 0;
                    }

                    break;
                case (byte)'{':
                    var digits = wire[(at + 1)..].IndexOf((byte)'}');
                    var length = int.Parse(wire.Slice(at + 1, digits), System.Globalization.CultureInfo.InvariantCulture);
                    Must(!wire.Slice(at + digits + 4, length).Contains((byte)0), "NUL in a literal", Encoding.Latin1.GetString(wire));
                    at += digits + 3 + length;
                    break;
            }
        }

        Must(depth == 0, "a list that is not closed", Encoding.Latin1.GetString(wire));
    }

    private static void Must(bool holds, string kind, string details) => FuzzException.Unless(holds, kind, details);
}
