using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MailSuite.Shared.Addressing;

namespace MailSuite.Mta.Policy.Greylisting;

/// <summary>By what greylisting knows a sender: the client's network, since large senders try again from another host of theirs, reverse-path, and recipient.</summary>
/// <remarks>
/// What follows a plus in the sender's local-part does not count, nor what its digits are: mailing lists make an address for each message.
/// </remarks>
internal readonly record struct Triplet(AddressRange Network, ReversePath Sender, EnvelopeAddress Recipient)
{
    /// <summary>A digest: it is of one size whatever the addresses are, and names nobody.</summary>
    public UInt128 Key
    {
        get
        {
            var text = new StringBuilder();
            text.Append(CultureInfo.InvariantCulture, $"{Network.Bits:x}{(Network.IsV4 ? '4' : '6')} ");
            if (Sender.Address is { } sender)
            {
                foreach (var c in sender.LocalPart)
                {
                    if (c == '+')
                        break;
                    text.Append(char.IsAsciiDigit(c) ? '#' : char.ToLowerInvariant(c));
                }

                text.Append('@').Append(sender.Domain.Ascii.ToLowerInvariant());
            }

            text.Append(' ').Append(Recipient.ToString().ToLowerInvariant());
            return BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
        }
    }
}
