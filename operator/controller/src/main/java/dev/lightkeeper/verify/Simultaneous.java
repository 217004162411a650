package dev.lightkeeper.verify;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** Runs tasks that wait for others, and returns when all have ended. */
@FunctionalInterface
public interface Simultaneous {
    /** Runs all of {@code tasks}; when the calling thread is interrupted, so are they. */
    void run(List<Runnable> tasks);

    /** At the same time, but no more than {@code most} of one call. */
    static Simultaneous atMost(int most) {
        return tasks -> {
            if (tasks.size() < 2) {
                tasks.forEach(Runnable::run);
                return;
            }
            Semaphore places = new Semaphore(most);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Callable<Boolean>> calls = tasks.stream()
                        .<Callable<Boolean>>map(task -> () -> {
                            places.acquire();
                            try {
                                task.run();
                                return true;
                            } finally {
                                places.release();
                            }
                        })
                        .toList();
                for (Future<Boolean> ended : threads.invokeAll(calls)) {
                    ended.get();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a task that must not fail has failed", e.getCause());
            }
        };
    }
}
