using System.Globalization;
using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Sora2.Sdk.Platforms.Responses;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Tests.Reading;

/// <summary>Readers of single values accept any text.</summary>
public sealed class TotalReaderTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(5000);

    [Fact]
    public void Time_is_read_from_any_text() => Prop.ForAll(Texts(), text => LenientValues.Time(text) is null or { Year: > 1 }).Check(Many);

    [Fact]
    public void Percentage_is_read_from_any_text() =>
        Prop.ForAll(Texts(), text => LenientValues.Percent(text) is null or (>= 0 and <= 100)).Check(Many);

    [Fact]
    public void Address_is_read_from_any_text() =>
        Prop.ForAll(Texts(), text => LenientValues.Url(text) is null or { IsAbsoluteUri: true }).Check(Many);

    [Fact]
    public void Retry_after_is_read_from_any_text() => Prop.ForAll(Texts(), text =>
    {
        using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        response.Headers.TryAddWithoutValidation("Retry-After", text.ReplaceLineEndings(""));
        return RetryAfterHeader.Parse(response.Headers, TimeProvider.System) is not { } pause || pause >= TimeSpan.Zero;
    }).Check(Many);

    [Theory]
    [InlineData("7", 7.0)]
    [InlineData("0", 0.0)]
    [InlineData("Fri, 20 Nov 2026 08:00:30 GMT", 30.0)]
    [InlineData("Fri, 20 Nov 2026 07:00:00 GMT", 0.0)]
    [InlineData("-5", null)]
    [InlineData("soon", null)]
    public void Retry_after_is_seconds_or_a_date(string text, double? seconds)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        response.Headers.TryAddWithoutValidation("Retry-After", text);

        Assert.Equal(seconds, RetryAfterHeader.Parse(response.Headers, new VirtualClock())?.TotalSeconds);
    }

    [Fact]
    public void Storyboard_is_read_from_any_text_or_refused() => Prop.ForAll(Texts(), text =>
    {
        try
        {
            Assert.NotEmpty(Storyboard.Parse("Shot 1:\nduration: " + text + "sec\nScene: " + text).Shots);
        }
        catch (Sora2ValidationException e)
        {
            Assert.NotEmpty(e.Message);
        }
    }).Check(Many);

    private static Arbitrary<string> Texts()
    {
        var numbers = Gen.Choose(-2, 400).SelectMany(exponent => Gen.Choose(-99, 99).Select(digits => string.Create(
            CultureInfo.InvariantCulture, $"{digits}e{exponent}")));
        var pieces = Gen.Elements(
            "%",
            "-",
            "9",
            "0.5",
            "1761622232",
            "T",
            ":",
            "2026-11-20",
            "https://",
            "x",
            "/",
            "\n",
            "Shot 2:",
            "duration:",
            " ",
            "\ud800",
            "NaN",
            "∞",
            "[",
            "@",
            "💥");
        return Arb.From(Gen.OneOf(
            numbers,
            Gen.ListOf(pieces).Select(list => string.Concat(list)),
            ArbMap.Default.GeneratorFor<string>().Select(text => text ?? "")));
    }
}
