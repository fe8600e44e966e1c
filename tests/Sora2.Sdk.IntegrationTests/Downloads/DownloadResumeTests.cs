using System.Net;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Downloads;

/// <summary>A broken download continues where it stopped, and parts of different versions are never joined.</summary>
public sealed class DownloadResumeTests : DownloadTest
{
    private string Partial => Target + ".partial";

    private string Record => Partial + ".json";

    [Fact]
    public async Task Connection_lost_at_60_percent_is_continued_with_the_same_version()
    {
        var task = await FinishedAsync();
        OnMedia(SimulatorFault.CutBody(0.6));

        await AssertWholeAsync(await DownloadAsync(task), task);

        Assert.Equal(["", FromSixtyPercent], RequestedRanges);
        Assert.StartsWith("\"", Simulator.Ledger.Of(SimulatorOperation.Media)[1].Headers["If-Range"], StringComparison.Ordinal);
        Assert.Equal(206, Simulator.Ledger.Of(SimulatorOperation.Media)[1].StatusCode);
    }

    [Fact]
    public async Task Version_without_a_tag_is_continued_by_its_date()
    {
        var task = await FinishedAsync();
        OnMedia(SimulatorFault.CutBody(0.6).And(SimulatorFault.LastModifiedOnly()), SimulatorFault.LastModifiedOnly());

        await AssertWholeAsync(await DownloadAsync(task), task);

        Assert.Equal(["", FromSixtyPercent], RequestedRanges);
        Assert.EndsWith("GMT", Simulator.Ledger.Of(SimulatorOperation.Media)[1].Headers["If-Range"], StringComparison.Ordinal);
    }

    /// <summary>The possible responses to a request for the rest.</summary>
    public static TheoryData<string, SimulatorFault> ResponsesToARange => new()
    {
        { "200, unchanged", SimulatorFault.IgnoreRange() },
        { "200, another file", SimulatorFault.ChangedFile() },
        { "206 from the start", SimulatorFault.WrongRange() },
        { "206 with the bytes of another part", SimulatorFault.MislabelledRange() },
        { "206 without a validator", SimulatorFault.WithoutValidator() },
        { "416", SimulatorFault.RangeNotSatisfiable() },
        { "206, broken again", SimulatorFault.CutBody(0.5) },
        { "206, truncated without an error", SimulatorFault.CutBody(0.5, announceLength: false) },
        { "206, too long", SimulatorFault.WrongLength(1000) },
        { "206, too short", SimulatorFault.WrongLength(-1000) },
        { "503", SimulatorFault.Html(503) },
        { "nothing", SimulatorFault.DropBeforeAccept() },
        { "a redirect to itself", SimulatorFault.None },
    };

    [Theory]
    [MemberData(nameof(ResponsesToARange))]
    public async Task File_is_complete_after_any_response_to_a_range(string response, SimulatorFault fault)
    {
        var task = await FinishedAsync();
        fault = response == "a redirect to itself" ? SimulatorFault.Redirect(302, task.VideoUrl!) : fault;
        OnMedia(SimulatorFault.CutBody(0.6), fault);

        await AssertWholeAsync(await DownloadAsync(task), task);

        Assert.Equal(0, Simulator.Faults.Pending);
        Assert.Equal(FromSixtyPercent, RequestedRanges[1]);
    }

    [Theory]
    [InlineData("weak")]
    [InlineData("none")]
    public async Task Download_without_a_strong_validator_starts_over(string validator)
    {
        var task = await FinishedAsync();
        var withoutStrong = validator == "weak" ? SimulatorFault.WeakValidator() : SimulatorFault.WithoutValidator();
        OnMedia(SimulatorFault.CutBody(0.6).And(withoutStrong));

        await AssertWholeAsync(await DownloadAsync(task), task);

        Assert.Equal(["", ""], RequestedRanges);
    }

    [Fact]
    public async Task Truncated_body_of_unknown_length_starts_over()
    {
        var task = await FinishedAsync();
        OnMedia(SimulatorFault.CutBody(0.6, announceLength: false));

        await AssertWholeAsync(await DownloadAsync(task), task);

        Assert.Equal(["", ""], RequestedRanges);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Truncated_body_without_retries_is_an_error_and_the_existing_file_is_kept(bool announceLength)
    {
        var task = await FinishedAsync();
        await File.WriteAllTextAsync(Target, "before", Token);
        OnMedia(SimulatorFault.CutBody(0.6, announceLength));

        var error = await Assert.ThrowsAsync<DownloadException>(
            () => DownloadAsync(task, configure: options => options.DownloadRetries = 0));

        Assert.Equal((task.Id, Sora2ErrorKind.Download, (bool?)true), (error.TaskId, error.Kind, error.MayHaveBeenCharged));
        Assert.Equal("before", await File.ReadAllTextAsync(Target, Token));
        Assert.Equal(announceLength, File.Exists(Partial));
        await AssertWholeAsync(await DownloadAsync(task), task);
    }

    [Fact]
    public async Task Video_that_is_announced_too_short_is_never_complete()
    {
        var task = await FinishedAsync();
        Simulator.Faults.On("media", SimulatorOperation.Media).Then(SimulatorFault.WrongLength(-10), times: 2);

        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(task));

        Assert.Contains("not a complete MP4", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task Call_of_another_client_downloads_only_the_rest()
    {
        var task = await FinishedAsync();
        OnMedia(SimulatorFault.CutBody(0.6));
        await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(task, configure: options => options.DownloadRetries = 0));
        Assert.Equal(600_000, new FileInfo(Partial).Length);

        await AssertWholeAsync(await DownloadAsync(task), task);

        Assert.Equal(["", FromSixtyPercent], RequestedRanges);
    }

    [Fact]
    public async Task Partial_file_is_continued_with_a_fresh_link()
    {
        var task = await InterruptedAsync();
        var again = await Client("juxin").Videos.GetAsync(task.Id, Token);

        await AssertWholeAsync(await DownloadAsync(again), task);

        Assert.Equal([FromSixtyPercent], RequestedRanges);
    }

    [Fact]
    public async Task Record_contains_no_link_and_no_key()
    {
        await InterruptedAsync();

        var record = await File.ReadAllTextAsync(Record, Token);

        Assert.DoesNotContain("sig", record, StringComparison.Ordinal);
        Assert.DoesNotContain("http", record, StringComparison.Ordinal);
        Assert.DoesNotContain(Simulator.ApiKey, record, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelled_download_is_continued_later()
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
        Assert.Equal(["", FromSixtyPercent], RequestedRanges);
    }

    [Fact]
    public async Task Bytes_that_a_killed_process_wrote_after_its_last_record_are_downloaded_again()
    {
        var task = await InterruptedAsync();
        await File.AppendAllTextAsync(Partial, "not recorded", Token);

        await AssertWholeAsync(await DownloadAsync(task), task);

        Assert.Equal([FromSixtyPercent], RequestedRanges);
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
    public async Task Partial_file_without_a_valid_record_is_downloaded_from_the_start(string what)
    {
        var task = await InterruptedAsync();
        await DamageAsync(what, task);

        await AssertWholeAsync(await DownloadAsync(task), task);

        Assert.Equal([""], RequestedRanges);
    }

    [Fact]
    public async Task Partial_file_of_a_changed_video_is_discarded()
    {
        var task = await InterruptedAsync();
        OnMedia(SimulatorFault.ChangedFile());

        await AssertWholeAsync(await DownloadAsync(task), task);

        Assert.Equal([FromSixtyPercent], RequestedRanges);
        Assert.Equal(200, Simulator.Ledger.Of(SimulatorOperation.Media)[0].StatusCode);
    }

    [Fact]
    public async Task Complete_partial_file_is_not_downloaded_again()
    {
        var task = await FinishedAsync();
        await File.WriteAllTextAsync(Target, "before", Token);
        var late = Path.Combine(Folder, "late.mp4");

        // The video cannot get its name, as another program has created a file of that name.
        var progress = new SyncProgress<DownloadProgress>(_ => File.WriteAllText(late, "meanwhile"));
        await Assert.ThrowsAsync<DownloadException>(
            () => Client("juxin").Videos.DownloadAsync(task, late, new DownloadOptions { Overwrite = false }, progress, Token));
        File.Delete(late);
        Simulator.Ledger.Clear();

        var options = new DownloadOptions { ComputeSha256 = true };
        var video = await Client("juxin").Videos.DownloadAsync(task, late, options, cancellationToken: Token);

        Assert.Equal((await Simulator.VideoSha256Async(task.Id, Token), "video/mp4"), (video.Sha256, video.ContentType));
        Assert.Empty(Simulator.Ledger.Requests);
    }

    [Fact]
    public async Task Download_has_its_own_retries()
    {
        var task = await FinishedAsync();
        OnMedia();
        Simulator.Faults.On("media", SimulatorOperation.Media).Then(SimulatorFault.Html(503), times: 10);

        var error = await Assert.ThrowsAsync<DownloadException>(
            () => DownloadAsync(task, configure: options => (options.DownloadRetries, options.QueryRetries) = (3, 0)));

        Assert.Equal((4, HttpStatusCode.ServiceUnavailable, true), (error.Attempts, error.StatusCode!.Value, error.IsTransient));
        Assert.Equal(4, Simulator.Ledger.Count(SimulatorOperation.Media));
    }

    [Fact]
    public async Task Long_retry_after_is_reported_not_waited()
    {
        var task = await FinishedAsync();
        OnMedia(SimulatorFault.RateLimited(TimeSpan.FromHours(1)));

        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(task));

        Assert.Equal((TimeSpan.FromHours(1), 1), (error.RetryAfter, Simulator.Ledger.Count(SimulatorOperation.Media)));
    }

    [Fact]
    public async Task Stream_is_continued()
    {
        var task = await FinishedAsync();
        OnMedia(
            SimulatorFault.CutBody(0.3),
            SimulatorFault.CutBody(0.5).And(SimulatorFault.IgnoreRange()),
            SimulatorFault.WrongRange().And(SimulatorFault.CutBody(0.5)));
        using var stream = new MemoryStream();

        var options = new DownloadOptions { ComputeSha256 = true };
        var video = await Client("juxin").Videos.DownloadAsync(task, stream, options, cancellationToken: Token);

        await AssertWholeAsync(video, stream, task);
        Assert.Equal(4, Simulator.Ledger.Count(SimulatorOperation.Media));
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("no validator")]
    public async Task Stream_that_cannot_be_continued_is_a_permanent_error(string what)
    {
        var task = await FinishedAsync();
        var cut = SimulatorFault.CutBody(0.6);
        OnMedia(
            what == "changed" ? cut : cut.And(SimulatorFault.WithoutValidator()),
            what == "changed" ? SimulatorFault.ChangedFile() : SimulatorFault.None);
        using var stream = new MemoryStream();

        var error = await Assert.ThrowsAsync<DownloadException>(
            () => Client("juxin").Videos.DownloadAsync(task, stream, cancellationToken: Token));

        Assert.Contains("stream", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
    }

    [Theory]
    [InlineData("juxin", 403)]
    [InlineData("juxin", 404)]
    [InlineData("zhenzhen", 410)]
    public async Task Expired_link_is_replaced_by_a_fresh_one(string platform, int status)
    {
        var task = await FinishedAsync(platform);
        OnMedia(SimulatorFault.Expired(status));

        await AssertWholeAsync(await DownloadAsync(task), task);

        Assert.Equal(1, Simulator.Ledger.Count(SimulatorOperation.Query));
        Assert.Equal(2, Simulator.Ledger.Count(SimulatorOperation.Media));
        Assert.Equal(0, Simulator.Ledger.BilledCreates);
    }

    [Fact]
    public async Task Link_that_expires_during_a_download_is_replaced_for_the_rest()
    {
        var task = await FinishedAsync();
        OnMedia(SimulatorFault.CutBody(0.6), SimulatorFault.Expired());

        await AssertWholeAsync(await DownloadAsync(task), task);

        Assert.Equal(["", FromSixtyPercent, FromSixtyPercent], RequestedRanges);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    public async Task Fresh_link_is_requested_once_and_no_signature_is_shown(int status)
    {
        var task = await FinishedAsync();
        OnMedia(SimulatorFault.Expired(status), SimulatorFault.Expired(status));

        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(task));

        Assert.Equal((HttpStatusCode)status, error.StatusCode);
        Assert.Contains("fresh link", error.Message, StringComparison.Ordinal);
        Assert.Equal((1, 2), (Simulator.Ledger.Count(SimulatorOperation.Query), Simulator.Ledger.Count(SimulatorOperation.Media)));
        Assert.NotEmpty(task.VideoUrl!.Query);
        Assert.DoesNotContain(task.VideoUrl.Query, error.ToString(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task Failed_query_for_a_fresh_link_is_the_inner_exception()
    {
        var task = await FinishedAsync();
        OnMedia(SimulatorFault.Expired());
        Simulator.Faults.On("juxin", SimulatorOperation.Query).Then(SimulatorFault.TaskNotFound());

        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(task));

        Assert.Contains("a fresh one failed", error.Message, StringComparison.Ordinal);
        Assert.IsType<Sora2ApiException>(error.InnerException);
    }

    [Fact]
    public async Task Transient_failure_of_the_query_does_not_use_up_the_fresh_link()
    {
        var task = await FinishedAsync();
        OnMedia(SimulatorFault.Expired(), SimulatorFault.Expired());
        Simulator.Faults.On("juxin", SimulatorOperation.Query).Then(SimulatorFault.Html(503));

        await AssertWholeAsync(await DownloadAsync(task, configure: options => options.QueryRetries = 0), task);
    }

    [Fact]
    public async Task Task_of_another_platform_is_not_queried()
    {
        var task = await FinishedAsync();
        OnMedia(SimulatorFault.Expired());

        var error = await Assert.ThrowsAsync<DownloadException>(
            () => Client("zhenzhen").Videos.DownloadAsync(task, Target, cancellationToken: Token));

        Assert.Contains("expired", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, Simulator.Ledger.Count(SimulatorOperation.Query));
    }

    [Theory]
    [InlineData("""{"error":{"message":"没有这个文件 sk-fake-key-0000"}}""", "video/mp4", "没有这个文件 sk-***")]
    [InlineData("<!doctype html><html><head><title>Gone &amp; lost</title></head></html>", "video/mp4", "titled \"Gone & lost\"")]
    [InlineData("<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code></Error>", "application/xml", "<Error><Code>NoSuchKey")]
    [InlineData("\uFEFF  not found", "text/plain", "not found")]
    [InlineData("{}", "video/mp4", "{}")]
    public async Task Text_instead_of_a_video_is_an_error_with_its_message(string body, string contentType, string words)
    {
        var task = await FinishedAsync();
        OnMedia(SimulatorFault.WrongContent(body, contentType));

        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(task));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
        Assert.DoesNotContain("fake-key", error.ToString() + error.RawBody, StringComparison.Ordinal);
        Assert.NotNull(error.RawBody);
        Assert.Equal(1, Simulator.Ledger.Count(SimulatorOperation.Media));
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task Text_instead_of_the_rest_does_not_discard_the_partial_file()
    {
        var task = await FinishedAsync();
        OnMedia(SimulatorFault.CutBody(0.6), SimulatorFault.WrongContent());

        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(task));

        Assert.Contains("NoSuchKey", error.Message, StringComparison.Ordinal);
        await AssertWholeAsync(await DownloadAsync(task), task);
        Assert.Equal(["", FromSixtyPercent, FromSixtyPercent], RequestedRanges);
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
                await ChangeRecordAsync(record => record[..^9]);
                break;
            case "an empty record":
                await File.WriteAllTextAsync(Record, "", Token);
                break;
            case "another task's record":
                await ChangeRecordAsync(record => record.Replace(task.Id, "another", StringComparison.Ordinal));
                break;
            case "another platform's record":
                await ChangeRecordAsync(record => record.Replace("juxin", "zhenzhen", StringComparison.Ordinal));
                break;
            case "a record alone":
                File.Delete(Partial);
                break;
            case "a part alone":
                File.Delete(Record);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(what), what, "There is no damage of this name.");
        }
    }

    private async Task ChangeRecordAsync(Func<string, string> change) =>
        await File.WriteAllTextAsync(Record, change(await File.ReadAllTextAsync(Record, Token)), Token);
}
