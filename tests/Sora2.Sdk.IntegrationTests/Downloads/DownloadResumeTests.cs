using System.Globalization;
using System.Net;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Downloads;

/// <summary>A download that breaks goes on where it stopped, and never joins what does not belong together.</summary>
public sealed class DownloadResumeTests : DownloadTest
{
    private string Partial => Target + ".partial";

    private string Record => Partial + ".json";

    [Fact]
    public async Task A_drop_at_60_percent_goes_on_there_with_the_version_it_began_with()
    {
        var task = await FinishedAsync();
        OnMedia(SimulatorFault.CutBody(0.6));

        await AssertWholeAsync(await DownloadAsync(task), task);

        Assert.Equal(["", FromSixtyPercent], RangesAsked);
        Assert.StartsWith("\"", Simulator.Ledger.Of(SimulatorOperation.Media)[1].Headers["If-Range"], StringComparison.Ordinal);
        Assert.Equal(206, Simulator.Ledger.Of(SimulatorOperation.Media)[1].StatusCode);
    }

    [Fact]
    public async Task Without_a_tag_the_date_of_the_version_is_asked_for()
    {
        var task = await FinishedAsync();
        OnMedia(SimulatorFault.CutBody(0.6).And(SimulatorFault.LastModifiedOnly()), SimulatorFault.LastModifiedOnly());

        await AssertWholeAsync(await DownloadAsync(task), task);

        Assert.Equal(["", FromSixtyPercent], RangesAsked);
        Assert.EndsWith("GMT", Simulator.Ledger.Of(SimulatorOperation.Media)[1].Headers["If-Range"], StringComparison.Ordinal);
    }

    /// <summary>Every answer there is to a question for the rest.</summary>
    public static TheoryData<string, SimulatorFault> AnswersToARange => new()
    {
        { "200, unchanged", SimulatorFault.IgnoreRange() },
        { "200, another file", SimulatorFault.ChangedFile() },
        { "206 from the start", SimulatorFault.WrongRange() },
        { "206 with the bytes of another part", SimulatorFault.MislabelledRange() },
        { "206 without a validator", SimulatorFault.WithoutValidator() },
        { "416", SimulatorFault.RangeNotSatisfiable() },
        { "206, cut once more", SimulatorFault.CutBody(0.5) },
        { "206, cut in good order", SimulatorFault.CutBody(0.5, announceLength: false) },
        { "206, too long", SimulatorFault.WrongLength(1000) },
        { "206, too short", SimulatorFault.WrongLength(-1000) },
        { "503", SimulatorFault.Html(503) },
        { "nothing", SimulatorFault.DropBeforeAccept() },
        { "a redirect to itself", SimulatorFault.None },
    };

    [Theory]
    [MemberData(nameof(AnswersToARange))]
    public async Task Whatever_the_answer_to_a_range_is_the_file_is_the_platforms(string answer, SimulatorFault fault)
    {
        var task = await FinishedAsync();
        fault = answer == "a redirect to itself" ? SimulatorFault.Redirect(302, task.VideoUrl!) : fault;
        OnMedia(SimulatorFault.CutBody(0.6), fault);

        await AssertWholeAsync(await DownloadAsync(task), task);

        Assert.Equal(0, Simulator.Faults.Pending);
        Assert.Equal(FromSixtyPercent, RangesAsked[1]);
    }

    [Theory]
    [InlineData("weak")]
    [InlineData("none")]
    public async Task Without_a_strong_validator_it_starts_over(string validator)
    {
        var task = await FinishedAsync();
        OnMedia(SimulatorFault.CutBody(0.6).And(validator == "weak" ? SimulatorFault.WeakValidator() : SimulatorFault.WithoutValidator()));

        await AssertWholeAsync(await DownloadAsync(task), task);

        Assert.Equal(["", ""], RangesAsked);
    }

    [Fact]
    public async Task A_short_body_of_unknown_length_starts_over()
    {
        var task = await FinishedAsync();
        OnMedia(SimulatorFault.CutBody(0.6, announceLength: false));

        await AssertWholeAsync(await DownloadAsync(task), task);

        Assert.Equal(["", ""], RangesAsked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_stays_short_is_an_error_and_the_file_that_was_there_stays(bool announceLength)
    {
        var task = await FinishedAsync();
        await File.WriteAllTextAsync(Target, "before", Token);
        OnMedia(SimulatorFault.CutBody(0.6, announceLength));

        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(task, configure: options => options.DownloadRetries = 0));

        Assert.Equal((task.Id, Sora2ErrorKind.Download, (bool?)true), (error.TaskId, error.Kind, error.MayHaveBeenCharged));
        Assert.Equal("before", await File.ReadAllTextAsync(Target, Token));
        Assert.Equal(announceLength, File.Exists(Partial));
        await AssertWholeAsync(await DownloadAsync(task), task);
    }

    [Fact]
    public async Task A_file_that_the_host_announces_too_short_is_never_taken_for_whole()
    {
        var task = await FinishedAsync();
        Simulator.Faults.On("media", SimulatorOperation.Media).Then(SimulatorFault.WrongLength(-10), times: 2);

        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(task));

        Assert.Contains("are not a whole MP4. It came twice like this.", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task Another_call_of_another_client_takes_it_up_and_fetches_the_rest_only()
    {
        var task = await FinishedAsync();
        OnMedia(SimulatorFault.CutBody(0.6));
        await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(task, configure: options => options.DownloadRetries = 0));
        Assert.Equal(600_000, new FileInfo(Partial).Length);

        await AssertWholeAsync(await DownloadAsync(task), task);

        Assert.Equal(["", FromSixtyPercent], RangesAsked);
    }

    [Fact]
    public async Task A_part_is_taken_up_under_a_fresh_link()
    {
        var task = await InterruptedAsync();
        var again = await Client("juxin").Videos.GetAsync(task.Id, Token);

        await AssertWholeAsync(await DownloadAsync(again), task);

        Assert.Equal([FromSixtyPercent], RangesAsked);
    }

    [Fact]
    public async Task What_is_kept_holds_no_link_and_no_key()
    {
        await InterruptedAsync();

        var record = await File.ReadAllTextAsync(Record, Token);

        Assert.DoesNotContain("sig", record, StringComparison.Ordinal);
        Assert.DoesNotContain("http", record, StringComparison.Ordinal);
        Assert.DoesNotContain(Simulator.ApiKey, record, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_download_goes_on_later()
    {
        var task = await FinishedAsync();
        OnMedia(SimulatorFault.Stall(0.6));
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var download = Client("juxin").Videos.DownloadAsync(task, Target, cancellationToken: cancel.Token);
        while (!File.Exists(Partial) || new FileInfo(Partial).Length < 600_000)
        {
            await Task.Yield();
        }

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => download);

        await AssertWholeAsync(await DownloadAsync(task), task);
        Assert.Equal(["", FromSixtyPercent], RangesAsked);
    }

    [Fact]
    public async Task What_a_killed_process_wrote_after_its_last_record_is_fetched_again()
    {
        var task = await InterruptedAsync();
        await File.AppendAllTextAsync(Partial, "not recorded", Token);

        await AssertWholeAsync(await DownloadAsync(task), task);

        Assert.Equal([FromSixtyPercent], RangesAsked);
    }

    [Theory]
    [InlineData("a damaged part")]
    [InlineData("a part that is too short")]
    [InlineData("a damaged record")]
    [InlineData("an empty record")]
    [InlineData("another task's record")]
    [InlineData("another platform's record")]
    [InlineData("a record alone")]
    [InlineData("a part alone")]
    public async Task What_cannot_be_trusted_is_fetched_from_the_start(string what)
    {
        var task = await InterruptedAsync();
        await DamageAsync(what, task);

        await AssertWholeAsync(await DownloadAsync(task), task);

        Assert.Equal([""], RangesAsked);
    }

    [Fact]
    public async Task A_part_of_a_file_that_changed_since_is_given_up()
    {
        var task = await InterruptedAsync();
        OnMedia(SimulatorFault.ChangedFile());

        await AssertWholeAsync(await DownloadAsync(task), task);

        Assert.Equal([FromSixtyPercent], RangesAsked);
        Assert.Equal(200, Simulator.Ledger.Of(SimulatorOperation.Media)[0].StatusCode);
    }

    [Fact]
    public async Task A_video_that_is_all_there_is_not_fetched_again()
    {
        var task = await FinishedAsync();
        await File.WriteAllTextAsync(Target, "before", Token);
        // It cannot get its name: somebody made a file of that name meanwhile.
        await Assert.ThrowsAsync<DownloadException>(() => Client("juxin").Videos.DownloadAsync(
            task, Path.Combine(Folder, "late.mp4"), new DownloadOptions { Overwrite = false }, new SyncProgress<DownloadProgress>(_ => File.WriteAllText(Path.Combine(Folder, "late.mp4"), "meanwhile")), Token));
        File.Delete(Path.Combine(Folder, "late.mp4"));
        Simulator.Ledger.Clear();

        var video = await Client("juxin").Videos.DownloadAsync(task, Path.Combine(Folder, "late.mp4"), new DownloadOptions { ComputeSha256 = true }, cancellationToken: Token);

        Assert.Equal((await Simulator.VideoSha256Async(task.Id, Token), "video/mp4"), (video.Sha256, video.ContentType));
        Assert.Empty(Simulator.Ledger.Requests);
    }

    [Fact]
    public async Task The_budget_is_the_downloads_own()
    {
        var task = await FinishedAsync();
        OnMedia();
        Simulator.Faults.On("media", SimulatorOperation.Media).Then(SimulatorFault.Html(503), times: 10);

        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(task, configure: options => (options.DownloadRetries, options.QueryRetries) = (3, 0)));

        Assert.Equal((4, HttpStatusCode.ServiceUnavailable, true), (error.Attempts, error.StatusCode!.Value, error.IsTransient));
        Assert.Equal(4, Simulator.Ledger.Count(SimulatorOperation.Media));
    }

    [Fact]
    public async Task A_host_that_asks_for_a_pause_gets_it_and_one_too_long_is_an_error()
    {
        var task = await FinishedAsync();
        OnMedia(SimulatorFault.RateLimited(TimeSpan.FromHours(1)));

        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(task));

        Assert.Equal((TimeSpan.FromHours(1), 1), (error.RetryAfter, Simulator.Ledger.Count(SimulatorOperation.Media)));
    }

    [Fact]
    public async Task A_stream_goes_on_as_well()
    {
        var task = await FinishedAsync();
        OnMedia(SimulatorFault.CutBody(0.3), SimulatorFault.CutBody(0.5).And(SimulatorFault.IgnoreRange()), SimulatorFault.WrongRange().And(SimulatorFault.CutBody(0.5)));
        using var stream = new MemoryStream();

        var video = await Client("juxin").Videos.DownloadAsync(task, stream, new DownloadOptions { ComputeSha256 = true }, cancellationToken: Token);

        await AssertWholeAsync(video, stream, task);
        Assert.Equal(4, Simulator.Ledger.Count(SimulatorOperation.Media));
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("no validator")]
    public async Task A_stream_that_got_a_part_of_something_else_is_an_error_that_says_so(string what)
    {
        var task = await FinishedAsync();
        OnMedia(what == "changed" ? SimulatorFault.CutBody(0.6) : SimulatorFault.CutBody(0.6).And(SimulatorFault.WithoutValidator()), what == "changed" ? SimulatorFault.ChangedFile() : SimulatorFault.None);
        using var stream = new MemoryStream();

        var error = await Assert.ThrowsAsync<DownloadException>(() => Client("juxin").Videos.DownloadAsync(task, stream, cancellationToken: Token));

        Assert.Contains("cannot be taken back", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
    }

    [Theory]
    [InlineData("juxin", 403)]
    [InlineData("juxin", 404)]
    [InlineData("zhenzhen", 410)]
    public async Task A_link_that_expired_is_replaced_by_a_fresh_one(string platform, int status)
    {
        var task = await FinishedAsync(platform);
        OnMedia(SimulatorFault.Expired(status));

        await AssertWholeAsync(await DownloadAsync(task), task);

        Assert.Equal((1, 2, 0), (Simulator.Ledger.Count(SimulatorOperation.Query), Simulator.Ledger.Count(SimulatorOperation.Media), Simulator.Ledger.BilledCreates));
    }

    [Fact]
    public async Task A_link_that_expires_on_the_way_is_replaced_and_the_rest_fetched()
    {
        var task = await FinishedAsync();
        OnMedia(SimulatorFault.CutBody(0.6), SimulatorFault.Expired());

        await AssertWholeAsync(await DownloadAsync(task), task);

        Assert.Equal(["", FromSixtyPercent, FromSixtyPercent], RangesAsked);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    public async Task A_fresh_link_is_asked_for_once_and_no_signature_is_shown(int status)
    {
        var task = await FinishedAsync();
        OnMedia(SimulatorFault.Expired(status), SimulatorFault.Expired(status));

        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(task));

        Assert.Equal((HttpStatusCode)status, error.StatusCode);
        Assert.Contains("A fresh link was asked for and refused as well.", error.Message, StringComparison.Ordinal);
        Assert.Equal((1, 2), (Simulator.Ledger.Count(SimulatorOperation.Query), Simulator.Ledger.Count(SimulatorOperation.Media)));
        Assert.NotEmpty(task.VideoUrl!.Query);
        Assert.DoesNotContain(task.VideoUrl.Query, error.ToString(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task A_platform_that_cannot_be_asked_for_a_fresh_link_is_named_in_the_error()
    {
        var task = await FinishedAsync();
        OnMedia(SimulatorFault.Expired());
        Simulator.Faults.On("juxin", SimulatorOperation.Query).Then(SimulatorFault.TaskNotFound());

        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(task));

        Assert.Contains("asking for a fresh one failed", error.Message, StringComparison.Ordinal);
        Assert.IsType<Sora2ApiException>(error.InnerException);
    }

    [Fact]
    public async Task A_question_that_fails_in_passing_does_not_use_up_the_fresh_link()
    {
        var task = await FinishedAsync();
        OnMedia(SimulatorFault.Expired(), SimulatorFault.Expired());
        Simulator.Faults.On("juxin", SimulatorOperation.Query).Then(SimulatorFault.Html(503));

        await AssertWholeAsync(await DownloadAsync(task, configure: options => options.QueryRetries = 0), task);
    }

    [Fact]
    public async Task Another_platforms_task_is_not_asked_for_here()
    {
        var task = await FinishedAsync();
        OnMedia(SimulatorFault.Expired());

        var error = await Assert.ThrowsAsync<DownloadException>(() => Client("zhenzhen").Videos.DownloadAsync(task, Target, cancellationToken: Token));

        Assert.Contains("The link has probably expired", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, Simulator.Ledger.Count(SimulatorOperation.Query));
    }

    [Theory]
    [InlineData("""{"error":{"message":"没有这个文件 sk-fake-key-0000"}}""", "video/mp4", "没有这个文件 sk-***")]
    [InlineData("<!doctype html><html><head><title>Gone &amp; lost</title></head></html>", "video/mp4", "a web page titled \"Gone & lost\"")]
    [InlineData("<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code></Error>", "application/xml", "<?xml version=\"1.0\"?><Error><Code>NoSuchKey")]
    [InlineData("\uFEFF  not found", "text/plain", "not found")]
    [InlineData("{}", "video/mp4", "{}")]
    public async Task Text_under_the_name_of_a_video_is_an_error_with_its_words(string body, string contentType, string words)
    {
        var task = await FinishedAsync();
        OnMedia(SimulatorFault.WrongContent(body, contentType));

        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(task));

        Assert.Contains("text instead of a video: " + words, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("fake-key", error.ToString() + error.RawBody, StringComparison.Ordinal);
        Assert.NotNull(error.RawBody);
        Assert.Equal(1, Simulator.Ledger.Count(SimulatorOperation.Media));
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task Text_in_place_of_the_rest_does_not_spoil_what_is_there()
    {
        var task = await FinishedAsync();
        OnMedia(SimulatorFault.CutBody(0.6), SimulatorFault.WrongContent());

        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(task));

        Assert.Contains("NoSuchKey", error.Message, StringComparison.Ordinal);
        await AssertWholeAsync(await DownloadAsync(task), task);
        Assert.Equal(["", FromSixtyPercent, FromSixtyPercent], RangesAsked);
    }

    private async Task<VideoTask> InterruptedAsync()
    {
        var task = await FinishedAsync();
        OnMedia(SimulatorFault.CutBody(0.6));
        await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(task, configure: options => options.DownloadRetries = 0));
        Simulator.Ledger.Clear();
        return task;
    }

    private async Task DamageAsync(string what, VideoTask task)
    {
        switch (what)
        {
            case "a damaged part":
                await using (var file = File.OpenWrite(Partial))
                {
                    file.Position = 300_000;
                    file.Write("!"u8);
                }

                break;
            case "a part that is too short":
                await using (var file = File.OpenWrite(Partial))
                {
                    file.SetLength(599_999);
                }

                break;
            case "a damaged record":
                await File.WriteAllTextAsync(Record, (await File.ReadAllTextAsync(Record, Token))[..^9], Token);
                break;
            case "an empty record":
                await File.WriteAllTextAsync(Record, "", Token);
                break;
            case "another task's record":
                await File.WriteAllTextAsync(Record, (await File.ReadAllTextAsync(Record, Token)).Replace(task.Id, "another", StringComparison.Ordinal), Token);
                break;
            case "another platform's record":
                await File.WriteAllTextAsync(Record, (await File.ReadAllTextAsync(Record, Token)).Replace("juxin", "zhenzhen", StringComparison.Ordinal), Token);
                break;
            case "a record alone":
                File.Delete(Partial);
                break;
            case "a part alone":
                File.Delete(Record);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(what), what, string.Create(CultureInfo.InvariantCulture, $"No damage of this name."));
        }
    }
}
