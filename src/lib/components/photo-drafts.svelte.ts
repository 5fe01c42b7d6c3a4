import { photoLimits } from '$lib/domain/photo';
import type { Mask } from '$lib/domain/photo';
import { sniffedBytes, sniffPhoto } from '$lib/domain/photo-sniff';
import { message } from '$lib/i18n/words';
import * as errorWords from '$lib/paraglide/families/error';
import { m } from '$lib/paraglide/messages';
import { NotSent, openPicture, sendPicture } from './photo-upload';
import type { PictureForm } from './photo-upload';

/** A picture that was chosen and has not left this device yet. */
export class PhotoDraft {
	readonly key = crypto.randomUUID();
	readonly file: File;
	/** Null while it is opened; `unreadable` when this browser cannot. */
	picture = $state.raw<ImageBitmap | null>(null);
	unreadable = $state(false);
	mask = $state.raw<Mask>({ rectangles: [], strokes: [] });
	masking = $state(false);
	alt = $state('');
	own = $state(false);
	/** 0 to 100 while it is sent. */
	percent = $state<number | null>(null);
	failure = $state<string | null>(null);
	/** No photo: it will not be sent. */
	refused = $state(false);

	constructor(file: File) {
		this.file = file;
		void this.#open();
	}

	/** What is no photo is said at once, before anything is sent: the server would say the same. */
	async #open(): Promise<void> {
		const { file } = this;
		const start = await file
			.slice(0, sniffedBytes)
			.arrayBuffer()
			.catch(() => new ArrayBuffer(0));
		const sniffed = sniffPhoto(new Uint8Array(start), file.size);
		if ('refusal' in sniffed) {
			this.refused = true;
			this.failure = message(errorWords, `error_${sniffed.refusal}`);
			return;
		}
		this.picture = await openPicture(file);
		this.unreadable = this.picture === null;
	}
}

/** A photo that the server has, waiting for the form to name it. */
export interface SentDraft {
	id: string;
	alt: string;
	own: boolean;
}

/** The pictures of one form: chosen, then sent one after the other when the form leaves. */
export class PhotoDrafts {
	drafts = $state<PhotoDraft[]>([]);
	sent = $state<SentDraft[]>([]);
	/** Some were too many. */
	full = $state(false);
	sending = $state(false);

	/** @param already photos that came with the form before */
	constructor(already: SentDraft[]) {
		this.sent = already;
	}

	choose(files: Iterable<File>): void {
		const chosen = [...files];
		const room = photoLimits.perForm - this.drafts.length - this.sent.length;
		this.full = chosen.length > room;
		this.drafts.push(...chosen.slice(0, Math.max(0, room)).map((file) => new PhotoDraft(file)));
	}

	drop(draft: PhotoDraft): void {
		draft.picture?.close();
		this.drafts = this.drafts.filter(({ key }) => key !== draft.key);
		this.full = false;
	}

	/** Sends what has not left yet. @returns whether all of it arrived; what did not says why */
	async send(form: PictureForm): Promise<boolean> {
		this.sending = true;
		for (const draft of [...this.drafts]) {
			if (draft.refused) continue;
			draft.failure = null;
			draft.percent = 0;
			try {
				const id = await sendPicture(draft.file, draft.mask, form, (percent) => (draft.percent = percent));
				this.sent = [...this.sent.filter((other) => other.id !== id), { id, alt: draft.alt, own: draft.own }];
				this.drop(draft);
			} catch (failure) {
				draft.failure = (failure instanceof NotSent && failure.sentence) || m.photos_failed();
			}
			draft.percent = null;
		}
		this.sending = false;
		return this.drafts.length === 0;
	}
}
