using MailSuite.Shared.Status;

namespace MailSuite.Mta.Dsn;

/// <summary>What an enhanced status code says, and what a sender can do about it, each as a sentence for people (RFC 3463 §3, the registry of RFC 5248).</summary>
/// <param name="Meaning">What it means.</param>
/// <param name="Advice">What the sender can do.</param>
internal sealed record StatusMeaning(string Meaning, string Advice)
{
    private const string CheckAddress = "Check the spelling of the address, or ask the recipient in another way which one is right.";
    private const string OtherWay = "Tell the recipient in another way; only the recipient or the people who run that mail system can change this.";
    private const string Later = "Send it again later, or tell the recipient in another way.";
    private const string Smaller = "Send a smaller message, for example with a link in place of the attachment.";
    private const string Plain = "Send it again in a simpler form: without special characters in addresses and names, or without the attachment.";
    private const string Postmaster = "The postmaster of that mail system must correct it; tell the recipient in another way.";
    private const string Words = "Its words may say why; if they do not, its postmaster can.";

    public static StatusMeaning Of(EnhancedStatusCode status) => Exact(status) ?? OfSubject(status);

    private static StatusMeaning? Exact(EnhancedStatusCode status) => (status.Subject, status.Detail) switch
    {
        (1, 1) => new("There is no mailbox of this name at that domain.", CheckAddress),
        (1, 2) => new("The domain behind the @ does not exist, or takes no mail.", "Check the part of the address behind the @."),
        (1, 3) => new("The address is written in a way that the mail system does not understand.", CheckAddress),
        (1, 4) => new("The address fits several mailboxes.", "Use the full address of the recipient."),
        (1, 6) => new("The mailbox has moved, and its mail is not forwarded.", "Use the new address, if the words above name one, or ask the recipient."),
        (1, 7) or (1, 8) => new("The mail system does not take mail from your address.", "Check the sender address in your mail program."),
        (1, 10) => new("The domain says that it takes no mail at all.", "Check the part of the address behind the @."),
        (2, 1) => new("The mailbox is switched off, or takes no mail now.", OtherWay),
        (2, 2) => new("The mailbox is full.", "Tell the recipient in another way, or send it again later."),
        (2, 3) => new("The message is larger than this mailbox takes.", Smaller),
        (2, 4) => new("The mailing list behind the address could not be expanded.", OtherWay),
        (3, 1) => new("The mail system has no room left.", Later),
        (3, 2) => new("The mail system takes no mail at present.", Later),
        (3, 3) => new("The mail system cannot do what the message asks for.", "Send it again without that request."),
        (3, 4) => new("The message is larger than that mail system takes.", Smaller),
        (3, 5) => new("The mail system is set up wrongly.", Postmaster),
        (4, 1) => new("No computer of that domain answered.", Later),
        (4, 2) => new("The connection to that mail system broke.", Later),
        (4, 3) => new("The names of the domain could not be looked up.", Later),
        (4, 4) => new("No way to the domain is known.", "Check the part of the address behind the @; if it is right, the postmaster must correct a setting."),
        (4, 5) => new("The mail system has too much to do.", Later),
        (4, 6) => new("The message goes round in a circle: addresses forward to each other.", "The postmaster of the recipient's domain, or of this host, must correct a setting."),
        (4, 7) => new("The time in which the message could be delivered is over.", Later),
        (5, 3) => new("The message has more recipients at once than that mail system takes.", "Send it to fewer recipients at once."),
        (6, 1) or (6, 5) => new("The message has a form that the mail system does not take.", Plain),
        (6, 3) => new("The message would have to be converted for that mail system, and that cannot be done.", Plain),
        (6, 6) => new("The content of the message is not there any more.", "Send it again."),
        (6, 7) => new("An address has characters that the next mail system does not know.", "Use addresses of plain letters, if there are such."),
        (6, 9) => new("A name or the subject has characters that the next mail system does not know.", Plain),
        (7, 1) => new("The mail system did not permit this message.", Words),
        (7, 2) => new("You may not send to this mailing list.", "Ask those who run the list."),
        (7, 8) or (7, 9) or (7, 0) => new("The mail system refused it for reasons of security or of its rules.", Words),
        (7, 11) or (7, 10) => new("The message would have to be encrypted on its way, and that could not be done.", OtherWay),
        (7, >= 20 and <= 26) => new("The mail system does not believe that the message comes from whom it says: a signature or a check of the sender's domain failed.", "Tell the people who run the mail of your own domain; they must correct it."),
        (7, 27) => new("The sender's domain says that it takes no mail, so mail from it is refused.", "Check the sender address in your mail program."),
        (7, 28) => new("Too much mail of this kind has come lately.", Later),
        _ => null,
    };

    private static StatusMeaning OfSubject(EnhancedStatusCode status) => status.Subject switch
    {
        1 => new("There is something wrong with the address.", CheckAddress),
        2 => new("The mailbox cannot take the message.", OtherWay),
        3 => new("There is trouble in that mail system.", Later),
        4 => new("The message could not be brought to the next mail system.", Later),
        5 => new("The two mail systems did not understand each other.", Postmaster),
        6 => new("The content of the message was not taken.", Plain),
        7 => new("The mail system refused it for reasons of security or of its rules.", Words),
        _ when status.IsTransient => new("The mail system could not take it.", Later),
        _ => new("The mail system refused it.", Words),
    };
}
