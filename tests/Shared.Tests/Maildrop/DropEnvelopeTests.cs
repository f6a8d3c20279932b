using System.Text;
using CsCheck;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Maildrop;

namespace MailSuite.Shared.Tests.Maildrop;

public sealed class DropEnvelopeTests
{
    private const string Good = "MailSuite drop 1\nid 0123456789abcdef0123456789abcdef\noctets 0000000000000000012\nfrom <ann@example.org>\nto <bob@example.org>\n\n";

    [Theory]
    [InlineData("ann@example.org", "bob@example.org")]
    [InlineData(null, "bob@example.org", "\"a b\"@example.net", "postmaster@[192.0.2.1]")]
    [InlineData("björn@example.org", "ünal@bücher.example")]
    public void Is_read_as_it_was_written(string? from, params string[] to)
    {
        var envelope = new DropEnvelope(
            new DeliveryId(Guid.NewGuid()), from is null ? ReversePath.Null : ReversePath.Of(EnvelopeAddress.Parse(from)), [.. to.Select(EnvelopeAddress.Parse)], 12);
        Assert.True(DropEnvelope.TryParse(envelope.ToHead(), out var read));
        Assert.Equal(envelope.Id, read.Id);
        Assert.Equal(envelope.ReversePath, read.ReversePath);
        Assert.Equal(envelope.Recipients, read.Recipients);
        Assert.Equal(12, read.Octets);
        Assert.Equal(envelope.ToHead().Length, (envelope with { Octets = long.MaxValue }).ToHead().Length);
    }

    [Fact]
    public void Looks_so()
    {
        Assert.True(DropEnvelope.TryParse(Encoding.ASCII.GetBytes(Good), out var envelope));
        Assert.Equal(Good, Encoding.ASCII.GetString(envelope.ToHead()));
    }

    [Theory]
    [InlineData("MailSuite drop 1\n", "MailSuite drop 2\n")]
    [InlineData("id 0123456789abcdef0123456789abcdef\n", "")]
    [InlineData("id 0123456789abcdef0123456789abcdef", "id 0123456789abcdef0123456789abcde")]
    [InlineData("octets 0000000000000000012", "octets 12")]
    [InlineData("octets 0000000000000000012", "octets 9999999999999999999")]
    [InlineData("octets 0000000000000000012", "octets -000000000000000012")]
    [InlineData("from <ann@example.org>", "from ann@example.org")]
    [InlineData("from <ann@example.org>", "from <ann@example.org> ")]
    [InlineData("to <bob@example.org>\n", "")]
    [InlineData("to <bob@example.org>", "to <bob>")]
    [InlineData("to <bob@example.org>", "to <bob@example.org>\r")]
    [InlineData("to <bob@example.org>", "to <bob@example.org>\ncc <eve@example.org>")]
    [InlineData("\n\n", "\n")]
    public void Is_that_or_nothing(string part, string instead) =>
        Assert.False(DropEnvelope.TryParse(Encoding.UTF8.GetBytes(Good.Replace(part, instead, StringComparison.Ordinal)), out _));

    [Fact]
    public void Is_not_longer_than_it_may_be()
    {
        var recipients = new StringBuilder(Good[..^1]);
        while (recipients.Length < DropEnvelope.MaxHeadOctets - 22)
            recipients.Append("to <bob@example.org>\n");
        var rest = DropEnvelope.MaxHeadOctets - recipients.Length - 1;
        var fit = $"{recipients.Remove(recipients.Length - 21, 21)}to <{new string('b', rest + 21 - "to <@example.org>\n".Length)}@example.org>\n\n";
        Assert.Equal(DropEnvelope.MaxHeadOctets, fit.Length);
        Assert.True(DropEnvelope.TryParse(Encoding.ASCII.GetBytes(fit), out _));
        Assert.False(DropEnvelope.TryParse(Encoding.ASCII.GetBytes(fit.Replace("to <bbb", "to <bbbb", StringComparison.Ordinal)), out _));
    }

    [Fact]
    public void Anything_may_be_tried_as_one() =>
        Gen.OneOf(Gen.Byte.Array, Gen.Select(Gen.Int[0, Good.Length - 1], Gen.Byte).Array[1, 5].Select(changes =>
        {
            var octets = Encoding.ASCII.GetBytes(Good);
            foreach (var (at, octet) in changes)
                octets[at] = octet;
            return octets;
        })).Sample(octets =>
        {
            if (DropEnvelope.TryParse(octets, out var envelope))
                Assert.True(DropEnvelope.TryParse(envelope.ToHead(), out _));
        });
}
