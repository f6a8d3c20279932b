using System.Buffers.Text;
using System.Text;
using MailSuite.Mda.Mime;
using MailSuite.Mda.Tests.Imap;
using MailSuite.Testing;

namespace MailSuite.Mda.Tests.Mime;

/// <summary>What our IMAP server says of a message beside what Debian's Dovecot says of it. The README of the folder has the differences.</summary>
public sealed class DovecotComparisonTests
{
    private const string Fields = "(SUBJECT CONTENT-TYPE X-NONE)";

    private const string Refused = "(refused)";

    private const int MaxPathDepth = 6;

    /// <summary>Sections in one command.</summary>
    private const int MaxSections = 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answers_as_Dovecot_does_but_for_the_differences_that_the_readme_explains()
    {
        Assert.SkipUnless(Dovecot.IsInstalled || Dovecot.IsRequired, Dovecot.Absent);
        await using var dovecot = await Dovecot.StartAsync(Cancellation);
        await using var scene = new ImapScene();
        await using var client = await scene.SignInAsync();
        var both = new Both(dovecot.Talk, new ImapTalk(client.Transport.Input.AsStream(leaveOpen: true), client.Transport.Output.AsStream(leaveOpen: true)));
        await both.CommandAsync("SELECT INBOX");
        List<(string Name, byte[] Octets)> mails =
            [.. OddMails.All, .. TestVectors.Messages().Select(file => (Path.GetFileName(file), WithCrLf(File.ReadAllBytes(file)))).Where(mail => mail.Item2.Length > 0)];
        var known = KnownDifferences.Read("Mime");
        var unexplained = new StringBuilder();
        for (var i = 0; i < mails.Count; i++)
        {
            await both.CommandAsync("APPEND INBOX", mails[i].Octets);
            await both.CommandAsync("NOOP");
            await foreach (var (item, theirs, ours) in DifferencesAsync(both, i + 1, mails[i].Octets))
            {
                if (!known.Explains(mails[i].Name, item))
                    unexplained.Append(System.Globalization.CultureInfo.InvariantCulture, $"{mails[i].Name} {item}\n  Dovecot {Short(theirs)}\n  here    {Short(ours)}\n");
            }
        }

        Assert.Equal("", unexplained.ToString());
        Assert.Empty(known.Unused([.. mails.Select(mail => mail.Name)]));
        Assert.Empty(scene.Log.Errors);
    }

    private static async IAsyncEnumerable<(string Item, string Theirs, string Ours)> DifferencesAsync(Both both, int number, byte[] message)
    {
        var index = MessageIndex.Of(message);
        string[] items = ["ENVELOPE", "BODYSTRUCTURE", "BODY", "RFC822.SIZE", "RFC822.HEADER", "RFC822.TEXT", $"BODY.PEEK[HEADER.FIELDS {Fields}]", $"BODY.PEEK[HEADER.FIELDS.NOT {Fields}]"];
        foreach (var (item, theirs, ours) in await both.FetchAsync(number, items))
        {
            if (ours != theirs)
                yield return (item, theirs, ours);
        }

        foreach (var path in Paths(index, []))
        {
            // A leaf: of others there is nothing to decode.
            if (index.FindPart(path) is not (>= 0 and var found) || index.Parts[found] is not { Kind: PartKind.Text or PartKind.Other } part)
                continue;
            // Dovecot refuses base64 that is broken, or even closes the connection.
            var broken = part.Encoding == TransferEncoding.Base64 && !Base64.IsValid(message.AsSpan((int)part.BodyStart, (int)part.BodyOctets));
            var (item, theirs, ours) = (await both.FetchAsync(number, [$"BINARY.PEEK[{string.Join('.', path)}]"], ask: !broken))[0];
            if (ours != theirs)
                yield return (item, theirs, ours);
        }

        foreach (var sections in Sections(index).Chunk(MaxSections))
        {
            foreach (var ((name, isThere), (item, theirs, ours)) in sections.Zip(await both.FetchAsync(number, [.. sections.Select(section => $"BODY.PEEK[{section.Name}]")])))
            {
                // What is not there: the README says how the two say it.
                if (!isThere)
                    Assert.True(ours == "NIL" && (theirs == "\"\"" || name.Contains(".1", StringComparison.Ordinal)), $"{name}: {theirs} and {ours}");
                else if (ours != theirs)
                    yield return (item, theirs, ours);
            }
        }
    }

    private static string Short(string text) => text.Length > 600 ? text[..600] + "…" : text;

    private static IEnumerable<(string Name, bool IsThere)> Sections(MessageIndex index)
    {
        foreach (var name in new[] { "", "HEADER", "TEXT" })
            yield return (name, true);
        foreach (var path in Paths(index, []))
        {
            foreach (var (suffix, text) in new[] { ("", SectionText.Whole), (".MIME", SectionText.Mime), (".HEADER", SectionText.Header), (".TEXT", SectionText.Text) })
                yield return (string.Join('.', path) + suffix, index.Find(path, text) is not null);
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

    /// <summary>Two servers that are asked the same.</summary>
    private sealed class Both(ImapTalk dovecot, ImapTalk here)
    {
        public async Task CommandAsync(string command, byte[]? literal = null)
        {
            foreach (var talk in new[] { dovecot, here })
                await talk.CommandAsync(command, Cancellation, literal is null ? default(ReadOnlyMemory<byte>?) : literal);
        }

        /// <param name="ask">Whether Dovecot is asked; else it is said to refuse.</param>
        /// <returns>The values in the order of the items.</returns>
        public async Task<IReadOnlyList<(string Item, string Theirs, string Ours)>> FetchAsync(int number, string[] items, bool ask = true)
        {
            var theirs = ask ? await dovecot.FetchAsync(number, string.Join(' ', items), Cancellation) : new Dictionary<string, ImapValue>();
            var ours = await here.FetchAsync(number, string.Join(' ', items), Cancellation);
            return [.. items.Select(item => item.Replace(".PEEK", "", StringComparison.Ordinal)).Select(item => (item, TextOf(theirs, item), TextOf(ours, item)))];
        }

        private static string TextOf(IReadOnlyDictionary<string, ImapValue> values, string item) => values.TryGetValue(item, out var value) ? value.ToString() : Refused;
    }
}
