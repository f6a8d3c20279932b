using System.Net;
using System.Text;
using MailSuite.Mta.Acceptance;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.Extensions.Time.Testing;

namespace MailSuite.Mta.Tests.Acceptance;

public sealed class TraceFieldsTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 23, 59, 59, TimeSpan.FromHours(2));

    [Theory]
    [InlineData("192.0.2.1", "[192.0.2.1]")]
    [InlineData("2001:db8::1", "[IPv6:2001:db8::1]")]
    [InlineData("fe80::1%3", "[IPv6:fe80::1]")]
    public void Writes_addresses_as_literals(string address, string literal) => Assert.Equal(literal, TraceFields.AddressLiteral(IPAddress.Parse(address)));

    [Fact]
    public void Writes_dates_in_UTC() => Assert.Equal("Sun, 01 Mar 2026 21:59:59 +0000", TraceFields.DateTime(At));

    [Fact]
    public void The_longest_fields_fit_into_the_room_that_is_left_for_them()
    {
        var label = new string('a', 63);
        var longest = Domain.Parse($"{label}.{label}.{label}.{new string('b', 61)}");
        var recipient = EnvelopeAddress.Parse($"{new string('x', 64)}@{label}.{label}.{new string('b', 58)}");
        var from = $"{new string('n', 255)} ([IPv6:2001:db8:1111:2222:3333:4444:5555:6666])";
        var id = QueueId.New(TimeProvider.System);
        var fields = TraceFields.Received(from, longest, "UTF8SMTPSA (TLS 1.3 TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256)", id, recipient, At)
            + TraceFields.Missing(HeaderScan.Of("\r\n"u8), recipient, Guid.NewGuid(), longest, At) + "\r\n";
        Assert.InRange(Encoding.UTF8.GetByteCount(fields), 1000, IncomingMessage.HeadroomOctets);
    }

    [Fact]
    public void The_id_of_a_hand_over_is_the_same_each_time_and_sorts_by_its_age()
    {
        var clock = new FakeTimeProvider(At);
        var first = DeliveryId.New(clock);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        var second = DeliveryId.New(clock);
        Assert.Equal(QueueId.Of(first, 0), QueueId.Of(first, 0));
        Assert.NotEqual(QueueId.Of(first, 0), QueueId.Of(first, 1));
        Assert.True(string.CompareOrdinal(QueueId.Of(first, 1).Value, QueueId.Of(second, 0).Value) < 0);
        Assert.Equal(QueueId.New(new FakeTimeProvider(At)).Value[..9], QueueId.Of(first, 0).Value[..9]);
        Assert.True(QueueId.TryParse(QueueId.Of(first, 0).Value, out _));
    }
}
