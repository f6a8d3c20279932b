using CsCheck;
using MailSuite.Shared.Addressing;

namespace MailSuite.Shared.Tests.Addressing;

public sealed class PathTests
{
    [Theory]
    [InlineData("<>", "<>", 2)]
    [InlineData("<ann@example.org>", "<ann@example.org>", 17)]
    [InlineData("<ann@example.org> SIZE=10", "<ann@example.org>", 17)]
    [InlineData("<@a.example,@b.example:ann@example.org>", "<@a.example,@b.example:ann@example.org>", 39)]
    [InlineData("<\"a>b\"@example.org>", "<\"a>b\"@example.org>", 19)]
    public void Reads_a_reverse_path_and_stops_after_it(string text, string wire, int consumed)
    {
        Assert.True(ReversePath.TryRead(text, out var path, out var read));
        Assert.Equal(wire, path.ToString());
        Assert.Equal(consumed, read);
        Assert.Equal(wire == "<>", path.IsNull);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<")]
    [InlineData("< >")]
    [InlineData("ann@example.org")]
    [InlineData("<ann@example.org")]
    [InlineData("<ann>")]
    [InlineData("< ann@example.org>")]
    [InlineData("<ann@example.org >")]
    [InlineData("<@a.example ann@example.org>")]
    [InlineData("<@a.example,:ann@example.org>")]
    [InlineData("<@:ann@example.org>")]
    [InlineData("<@a.example:>")]
    public void Refuses_what_is_no_path(string text)
    {
        Assert.False(ReversePath.TryRead(text, out _, out _));
        Assert.False(ForwardPath.TryRead(text, out _, out _));
    }

    [Fact]
    public void A_forward_path_is_never_empty() => Assert.False(ForwardPath.TryRead("<>", out _, out _));

    [Theory]
    [InlineData("<Postmaster>")]
    [InlineData("<postmaster>")]
    public void Reads_postmaster_without_a_domain(string text)
    {
        Assert.True(ForwardPath.TryRead(text, out var path, out var consumed));
        Assert.True(path.IsPostmaster);
        Assert.Equal(text.Length, consumed);
    }

    [Fact]
    public void Keeps_the_hosts_of_a_source_route_in_order()
    {
        Assert.True(ForwardPath.TryRead("<@one.example,@[IPv6:::1],@[192.0.2.1]:ann@example.org>", out var path, out _));
        Assert.Equal(["one.example", "[IPv6:::1]", "[192.0.2.1]"], path.Route.Select(d => d.Ascii));
        Assert.Equal("ann@example.org", path.Address!.ToString());
    }

    /// <summary>RFC 821 §4.1.1, the example of RCPT.</summary>
    [Fact]
    public void A_reverse_path_grows_by_the_hosts_that_it_passes()
    {
        Assert.True(ReversePath.TryRead("<@HOSTB.ARPA:USERX@HOSTY.ARPA>", out var path, out _));
        var longer = path.Through(Domain.Parse("HOSTA.ARPA"));
        Assert.Equal("<@hosta.arpa,@hostb.arpa:USERX@hosty.arpa>", longer.ToString());
        Assert.Equal("<USERX@hosty.arpa>", longer.WithoutRoute().ToString());
        Assert.NotEqual(path, longer);
        Assert.True(ReversePath.TryRead(longer.ToString(), out var again, out _));
        Assert.Equal(longer, again);
        Assert.Equal("<>", ReversePath.Null.Through(Domain.Parse("hosta.arpa")).ToString());
    }

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void A_path_with_its_route_has_at_most_256_octets(int octets, bool good)
    {
        var text = $"<@{new string('a', 60)}.example,@{new string('b', 60)}.example:c@{new string('d', 60)}.example>";
        text = text.Replace("c@", $"c@{new string('e', octets - text.Length - 1)}.", StringComparison.Ordinal);
        Assert.Equal(octets, text.Length);
        Assert.Equal(good, ForwardPath.TryRead(text, out _, out _));
        Assert.Equal(good, ReversePath.TryRead(text, out _, out _));
    }

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void A_reverse_path_leaves_out_a_route_that_makes_it_too_long(int octets, bool keeps)
    {
        var host = $"{new string('a', 63)}.{new string('b', 63)}.{new string('c', 63)}.";
        host += new string('d', octets - $"<@{host},@one.example:ann@example.org>".Length);
        Assert.True(ReversePath.TryRead("<@one.example:ann@example.org>", out var path, out _));
        Assert.Equal(keeps ? $"<@{host},@one.example:ann@example.org>" : "<ann@example.org>", path.Through(Domain.Parse(host)).ToString());
    }

    [Fact]
    public void Takes_any_text_without_throwing() => Gen.String.Sample(text =>
        (ForwardPath.TryRead(text, out _, out _) | ReversePath.TryRead("<" + text + ">", out _, out _) | ForwardPath.TryRead("<@" + text, out _, out _)) || true);
}
