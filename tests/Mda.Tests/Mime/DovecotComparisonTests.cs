using System.Buffers.Text;
using System.Text;
using MailSuite.Mda.Mime;
using MailSuite.Testing;

namespace MailSuite.Mda.Tests.Mime;

/// <summary>What we say of a message beside what Debian's Dovecot says of it. The README of the folder has the differences.</summary>
public sealed class DovecotComparisonTests
{
    private const int MaxPathDepth = 6;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answers_as_Dovecot_does_but_for_the_differences_that_the_readme_explains()
    {
        Assert.SkipUnless(Dovecot.IsInstalled || Dovecot.IsRequired, Dovecot.Absent);
        await using var dovecot = await Dovecot.StartAsync(Cancellation);
        await dovecot.Talk.CommandAsync("SELECT INBOX", Cancellation);
        List<(string Name, byte[] Octets)> mails =
            [.. OddMails.All, .. TestVectors.Messages().Select(file => (Path.GetFileName(file), WithCrLf(File.ReadAllBytes(file)))).Where(mail => mail.Item2.Length > 0)];
        var known = KnownDifferences.Read("Mime");
        var unexplained = new StringBuilder();
        for (var i = 0; i < mails.Count; i++)
        {
            await dovecot.Talk.CommandAsync("APPEND INBOX", Cancellation, mails[i].Octets);
            await dovecot.Talk.CommandAsync("NOOP", Cancellation);
            await foreach (var (item, theirs, ours) in DifferencesAsync(dovecot.Talk, i + 1, mails[i].Octets))
            {
                if (!known.Explains(mails[i].Name, item))
                    unexplained.Append(System.Globalization.CultureInfo.InvariantCulture, $"{mails[i].Name} {item}\n  Dovecot {Short(theirs)}\n  here    {Short(ours)}\n");
            }
        }

        Assert.Equal("", unexplained.ToString());
        Assert.Empty(known.Unused([.. mails.Select(mail => mail.Name)]));
    }

    private static async IAsyncEnumerable<(string Item, string Theirs, string Ours)> DifferencesAsync(ImapTalk dovecot, int number, byte[] message)
    {
        var facts = WireFacts.Of([], message);
        var body = new OctetBuffer();
        BodyStructure.WriteBody(facts.Structure, body);
        var whole = await dovecot.FetchAsync(number, "ENVELOPE BODYSTRUCTURE BODY RFC822.SIZE", Cancellation);
        foreach (var (item, ours) in new[] { ("ENVELOPE", facts.Envelope), ("BODYSTRUCTURE", facts.Structure), ("BODY", body.ToArray()) })
        {
            var our = (await ImapValue.ParseAsync(ours)).ToString();
            if (whole[item].ToString() != our)
                yield return (item, whole[item].ToString(), our);
        }

        Assert.Equal(whole["RFC822.SIZE"].Text, (facts.Index.Message.HeaderOctets + facts.Index.Message.BodyOctets).ToString(System.Globalization.CultureInfo.InvariantCulture));

        foreach (var not in new[] { false, true })
        {
            var name = $"HEADER.FIELDS{(not ? ".NOT" : "")} (SUBJECT CONTENT-TYPE X-NONE)";
            var selected = new OctetBuffer();
            HeaderSelection.Write(message.AsSpan(0, (int)facts.Index.Message.HeaderOctets), ["Subject"u8.ToArray(), "content-type"u8.ToArray(), "X-None"u8.ToArray()], not, selected);
            var their = await FetchAsync(dovecot, number, $"BODY.PEEK[{name}]", $"BODY[{name}]");
            if (Quoted(selected.Written) != their)
                yield return ($"BODY[{name}]", their, Quoted(selected.Written));
        }

        foreach (var path in Paths(facts.Index, []))
        {
            // A leaf: of others there is nothing to decode.
            if (facts.Index.FindPart(path) is not (>= 0 and var found) || facts.Index.Parts[found] is not { Kind: PartKind.Text or PartKind.Other } part)
                continue;
            var name = $"BINARY[{string.Join('.', path)}]";
            // Dovecot refuses base64 that is broken, or even closes the connection.
            var broken = part.Encoding == TransferEncoding.Base64 && !Base64.IsValid(message.AsSpan((int)part.BodyStart, (int)part.BodyOctets));
            var their = broken ? "(refused)" : await FetchAsync(dovecot, number, name.Replace("[", ".PEEK[", StringComparison.Ordinal), name);
            var our = ContentDecoder.Knows(part.Encoding) ? Quoted(Decode(part.Encoding, message.AsSpan((int)part.BodyStart, (int)part.BodyOctets))) : "(refused)";
            if (our != their)
                yield return (name, their, our);
        }

        foreach (var (name, range) in Sections(facts.Index))
        {
            var their = await FetchAsync(dovecot, number, $"BODY.PEEK[{name}]", $"BODY[{name}]");
            if (range is not { } found)
            {
                // What is not there: the README says how the two say it.
                Assert.True(their == "\"\"" || name.Contains(".1", StringComparison.Ordinal), $"{name}: {their}");
                continue;
            }

            var our = Quoted(message.AsSpan((int)found.Start, (int)found.Length));
            if (our != their)
                yield return ($"BODY[{name}]", their, our);
        }
    }

    private static byte[] Decode(TransferEncoding encoding, ReadOnlySpan<byte> body)
    {
        var decoded = new byte[body.Length];
        return decoded[..new ContentDecoder(encoding).Decode(body, decoded, last: true, out _)];
    }

    private static async Task<string> FetchAsync(ImapTalk talk, int number, string item, string name) =>
        (await talk.FetchAsync(number, item, Cancellation)).TryGetValue(name, out var value) ? value.ToString() : "(refused)";

    private static string Quoted(ReadOnlySpan<byte> octets) => new ImapValue(Encoding.Latin1.GetString(octets), null) { IsString = true }.ToString();

    private static string Short(string text) => text.Length > 600 ? text[..600] + "…" : text;

    private static IEnumerable<(string Name, OctetRange? Range)> Sections(MessageIndex index)
    {
        yield return ("", index.Find([], SectionText.Whole));
        yield return ("HEADER", index.Find([], SectionText.Header));
        yield return ("TEXT", index.Find([], SectionText.Text));
        foreach (var path in Paths(index, []))
        {
            var name = string.Join('.', path);
            yield return (name, index.Find(path, SectionText.Whole));
            yield return (name + ".MIME", index.Find(path, SectionText.Mime));
            yield return (name + ".HEADER", index.Find(path, SectionText.Header));
            yield return (name + ".TEXT", index.Find(path, SectionText.Text));
        }
    }

    /// <summary>Every path there is, and one beyond each.</summary>
    private static IEnumerable<uint[]> Paths(MessageIndex index, uint[] above)
    {
        for (var number = 1u; above.Length < MaxPathDepth; number++)
        {
            uint[] path = [.. above, number];
            yield return path;
            if (index.FindPart(path) < 0)
                yield break;
            foreach (var below in Paths(index, path))
                yield return below;
        }
    }

    private static byte[] WithCrLf(byte[] octets)
    {
        var lines = new List<byte>(octets.Length);
        for (var i = 0; i < octets.Length; i++)
        {
            if (octets[i] == '\n' && (i == 0 || octets[i - 1] != '\r'))
                lines.Add((byte)'\r');
            lines.Add(octets[i]);
        }

        return [.. lines];
    }
}
