using System.Globalization;
using System.Text.Json;

namespace Sora2.Sdk.Tests.Characters;

public sealed class TimeRangeTests
{
    [Theory]
    [InlineData("1,3", 1, 3)]
    [InlineData("0.5,2.25", 0.5, 2.25)]
    [InlineData(" 0 , .5 ", 0, 0.5)]
    [InlineData("-1,3", -1, 3)]
    public void Text_is_read_in_every_culture_and_written_again(string text, double start, double end)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };
        try
        {
            var range = TimeRange.Parse(text);

            Assert.Equal(new TimeRange(start, end), range);
            Assert.Equal(range, TimeRange.Parse(range.ToString()));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1,")]
    [InlineData(",3")]
    [InlineData("1,2,3")]
    [InlineData("1;3")]
    [InlineData("1-3")]
    [InlineData("1e0,3")]
    [InlineData("NaN,3")]
    [InlineData("1,Infinity")]
    [InlineData("1,3 s")]
    [InlineData("１,３")]
    public void Text_that_is_not_a_range_is_refused(string text)
    {
        var error = Assert.Throws<FormatException>(() => TimeRange.Parse(text));

        Assert.Contains($"\"{text}\"", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => TimeRange.Parse(null!));
    }

    [Fact]
    public void Json_has_two_numbers() => Assert.Equal(
        """{"startSeconds":1,"endSeconds":3}""",
        JsonSerializer.Serialize(TimeRange.Parse("1,3"), Sora2Json.CreateOptions().GetTypeInfo(typeof(TimeRange))));
}
