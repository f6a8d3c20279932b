using CsCheck;
using MailSuite.Shared.Addressing;

namespace MailSuite.Shared.Tests.Addressing;

public sealed class PathTests
{
    [Theory]
    [InlineData("<>", "<>", 2)]
    [InlineData("<ann@example.org>", "<ann@example.org>", 17)]
    [InlineData("<ann@example.org> SIZE=10", "<ann@example.org>", 17)]
    [InlineData("<@a.example,@b.example:ann@example.org>", "<ann@example.org>", 39)]
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

    [Fact]
    public void Takes_any_text_without_throwing() => Gen.String.Sample(text =>
        (ForwardPath.TryRead(text, out _, out _) | ReversePath.TryRead("<" + text + ">", out _, out _) | ForwardPath.TryRead("<@" + text, out _, out _)) || true);
}
