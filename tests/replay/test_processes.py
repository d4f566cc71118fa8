import multiprocessing
import os

from pokebench.replay.processes import usual_jobs


def test_a_process_that_may_start_none_does_the_work_itself() -> None:
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=lambda: there.send(usual_jobs()), daemon=True)
    process.start()

    assert here.recv() == 1
    process.join()
    assert usual_jobs() == (os.cpu_count() or 1)
