using System.Text;
using CsCheck;
using MailSuite.Mta.Acceptance;
using MailSuite.Shared.Content;

namespace MailSuite.Mta.Tests.Acceptance;

public sealed class SubmittedHeaderTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("Subject: a\r\n", "")]
    [InlineData("From: a@b.example\r\n", "From a@b.example")]
    [InlineData("FROM:a@b.example,\r\n\tC <c@d.example>\r\nSender: e@f.example\r\n", "From a@b.example, From c@d.example, Sender e@f.example")]
    [InlineData("From: G: a@b.example, c@d.example;\r\n", "From a@b.example, From c@d.example")]
    [InlineData("From: nobody\r\n", "From -")]
    [InlineData("From:\r\nFrom: a@b.example\r\n", "From -, From a@b.example")]
    [InlineData("X-From: a@b.example\r\nResent-From: a@b.example\r\nFro m: a@b.example\r\n", "")]
    public void Names_everybody_who_writes(string header, string authors) =>
        Assert.Equal(authors, string.Join(", ", SubmittedHeader.AuthorsOf(Encoding.UTF8.GetBytes(header)).Select(author => $"{author.Field} {author.Address?.ToString() ?? "-"}")));

    [Theory]
    [InlineData(100, 100)]
    [InlineData(101, 1)]
    public void Looks_at_so_many_authors_and_believes_no_more(int addresses, int authors)
    {
        var header = "From: " + string.Join(", ", Enumerable.Range(0, addresses).Select(i => $"a{i}@b.example")) + "\r\n";
        Assert.Equal(authors, SubmittedHeader.AuthorsOf(Encoding.ASCII.GetBytes(header)).Count);
    }

    [Fact]
    public void Nothing_makes_it_throw_and_what_is_left_has_no_blind_copies() => Gen.OneOf(
            Gen.Byte.Array[0, 100],
            Gen.OneOf(Gen.Const("Bcc: a\r\n"), Gen.Const("resent-bcc :\r\n b\r\n"), Gen.Const("From: a@b.example\r\n"), Gen.Const("\r\n"), Gen.Const("x"), Gen.String[0, 20]).Array[0, 12].Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts))))
        .Sample(message =>
        {
            SubmittedHeader.AuthorsOf(message);
            var copy = message.ToArray();
            var removed = HeaderPart.Remove(copy, SubmittedHeader.IsBlindCopy, out var end);
            Assert.InRange(removed, 0, end);
            Assert.Equal(message[end..], copy[end..]);
            Assert.Equal(0, HeaderPart.Remove(copy.AsSpan(removed), SubmittedHeader.IsBlindCopy, out _));
        });

    [Fact]
    public async Task Reads_a_header_from_memory_as_from_a_file()
    {
        foreach (var (text, header) in new[] { ("A: b\r\n\r\nbody", "A: b\r\n"), ("\r\nbody", ""), ("A: b\r\n", "A: b\r\n"), ("", "") })
        {
            var octets = Encoding.ASCII.GetBytes(text);
            Assert.Equal(header, Encoding.ASCII.GetString((await HeaderPart.ReadAsync(new MemoryContent(octets), TestContext.Current.CancellationToken))!.Value.Span));
            Assert.Equal(header, Encoding.ASCII.GetString((await HeaderPart.ReadAsync(new StreamOnly(octets), TestContext.Current.CancellationToken))!.Value.Span));
        }
    }

    private sealed class StreamOnly(byte[] octets) : IMessageContent
    {
        public long Octets => octets.Length;

        public bool TryGetMemory(out ReadOnlyMemory<byte> memory)
        {
            memory = default;
            return false;
        }

        public Stream OpenRead() => new MemoryStream(octets);
    }
}
